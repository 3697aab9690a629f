import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import type { Api } from "@/api/types";
import { houseKey } from "../frame/keys";
import { later } from "../frame/later";

export const groups = ["day", "show", "venue"] as const;
export type Group = (typeof groups)[number];

/** What was sold of the showings of one day, show or venue. */
export interface SalesRow {
  /** YYYY-MM-DD, or the id of the show or venue. */
  key: string;
  label: string;
  showings: number;
  seats_offered: number;
  seats_sold: number;
  revenue: number;
  currency: string;
}

export interface Period {
  from_date: string;
  to_date: string;
}

export const salesQuery = (period: Period, group_by: Group) =>
  queryOptions({
    queryKey: [...houseKey, "sales", period, group_by],
    queryFn: () => later<SalesRow[]>("GET", "/reports/sales", { params: { query: { ...period, group_by } } }),
    placeholderData: keepPreviousData,
  });

export const salesCsv = (period: Period, group_by: Group) =>
  later<Blob>("GET", "/reports/sales.csv", { params: { query: { ...period, group_by } }, parseAs: "blob" });

export type SoldBooking = Api["booking_view"] & { user_email: string; username: string };
export const pageSize = 50;

/** Bookings of a showing, newest first; one more than a page, so that one knows whether there is another. */
export const soldQuery = (scheduleId: number, status: Api["booking_status"] | undefined, page: number) =>
  queryOptions({
    queryKey: [...houseKey, "sold", scheduleId, status, page],
    queryFn: () =>
      later<SoldBooking[]>("GET", "/bookings/schedule/{schedule_id}", {
        params: { path: { schedule_id: scheduleId }, query: { skip: page * pageSize, limit: pageSize + 1, status } },
      }),
    placeholderData: keepPreviousData,
  });
