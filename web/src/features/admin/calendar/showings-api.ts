import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, unwrap } from "@/api/client";
import { houseKey } from "../frame/keys";
import type { Showing } from "./layout";
import { addDays, type Day, momentOf, type Place } from "./week";
import type { Wish } from "./wishes";

export const showingsKey = [...houseKey, "showings"] as const;

/** What plays at a venue in the days from `from` to `to`; and in the night after, which belongs to the last. */
export const showingsQuery = (venueId: number, from: Day, to: Day) =>
  queryOptions({
    queryKey: [...showingsKey, "venue", venueId, from, to],
    queryFn: () =>
      unwrap(
        api.GET("/schedules/venue/{venue_id}", {
          params: { path: { venue_id: venueId }, query: { from_date: from, to_date: addDays(to, 1) } },
        }),
      ),
  });

export const showingQuery = (id: number) =>
  queryOptions({
    queryKey: [...showingsKey, id],
    queryFn: () => unwrap(api.GET("/schedules/{id}", { params: { path: { id } } })),
  });

/** Puts a show on a screen. Asked for twice, the second is refused: it would overlap the first. */
export const place = (wish: Wish, zone: string): Promise<Showing> =>
  unwrap(
    api.POST("/schedules", {
      body: { show_id: wish.showId, screen_id: wish.screenId, start_time: momentOf(wish, zone) },
    }),
  );

export function usePlace(zone: string) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (wish: Wish) => place(wish, zone),
    onSettled: () => queryClient.invalidateQueries({ queryKey: showingsKey }),
  });
}

/** Moves a showing to another time or screen; one that is booked stays. */
export function useMove(zone: string) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: ({ id, to, screenId }: { id: number; to: Place; screenId: number }) =>
      unwrap(
        api.PATCH("/schedules/{id}", {
          params: { path: { id } },
          body: { start_time: momentOf(to, zone), screen_id: screenId },
        }),
      ),
    onSettled: () => queryClient.invalidateQueries({ queryKey: showingsKey }),
  });
}
