import { queryOptions } from "@tanstack/react-query";
import { api, unwrap } from "@/api/client";
import type { Api } from "@/api/types";
import { addDays, dayOf } from "@/shared/format/days";

/** What both lists of showings are made of: those of one show, and those of one venue. */
export type Showing = Api["schedule_view"];
export type ShowShowing = Api["placed_schedule"];

const weeksAhead = 5;

export const showQuery = (id: number) =>
  queryOptions({
    queryKey: ["show", id],
    queryFn: () => unwrap(api.GET("/shows/{id}", { params: { path: { id } } })),
  });

/** The showings to come of a show, by time, in one city or in all. */
export const showShowingsQuery = (id: number, city: string | null) =>
  queryOptions({
    queryKey: ["show", id, "showings", city],
    queryFn: () => {
      const today = dayOf(new Date());
      return unwrap(
        api.GET("/shows/{id}/schedules", {
          params: {
            path: { id },
            query: { city: city ?? undefined, from_date: today, to_date: addDays(today, weeksAhead * 7) },
          },
        }),
      );
    },
  });

export const venueQuery = (id: number) =>
  queryOptions({
    queryKey: ["venue", id],
    queryFn: () => unwrap(api.GET("/venues/{id}", { params: { path: { id } } })),
  });

/** The showings to come of a venue, by time. */
export const venueShowingsQuery = (id: number) =>
  queryOptions({
    queryKey: ["venue", id, "showings"],
    queryFn: async () => {
      const today = dayOf(new Date());
      const found = await unwrap(
        api.GET("/schedules/venue/{venue_id}", {
          params: { path: { venue_id: id }, query: { from_date: today, to_date: addDays(today, weeksAhead * 7) } },
        }),
      );
      return found.filter(({ start_time }) => new Date(start_time) > new Date());
    },
  });
