import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api, unwrap } from "@/api/client";
import type { Api } from "@/api/types";
import { houseKey } from "../frame/keys";

export const groups = ["day", "show", "venue"] as const;
export type Group = (typeof groups)[number];

/** What was sold of the showings of one day, show or venue. */
export type SalesRow = Api["sales_row"];

export interface Period {
  from_date: string;
  to_date: string;
}

export const salesQuery = (period: Period, group_by: Group) =>
  queryOptions({
    queryKey: [...houseKey, "sales", period, group_by],
    queryFn: () => unwrap(api.GET("/reports/sales", { params: { query: { ...period, group_by } } })),
    placeholderData: keepPreviousData,
  });

export const salesCsv = (period: Period, group_by: Group) =>
  unwrap(api.GET("/reports/sales.csv", { params: { query: { ...period, group_by } }, parseAs: "blob" }));

export type SoldBooking = Api["customer_booking"];
export const pageSize = 50;

/** Bookings of a showing, newest first; one more than a page, so that one knows whether there is another. */
export const soldQuery = (scheduleId: number, status: Api["booking_status"] | undefined, page: number) =>
  queryOptions({
    queryKey: [...houseKey, "sold", scheduleId, status, page],
    queryFn: () =>
      unwrap(
        api.GET("/bookings/schedule/{schedule_id}", {
          params: { path: { schedule_id: scheduleId }, query: { skip: page * pageSize, limit: pageSize + 1, status } },
        }),
      ),
    placeholderData: keepPreviousData,
  });
