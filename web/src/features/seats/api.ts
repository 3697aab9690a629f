import { queryOptions } from "@tanstack/react-query";
import { api, unwrap } from "@/api/client";
import type { Pick } from "./pick";

export const showingQuery = (scheduleId: number) =>
  queryOptions({
    queryKey: ["showing", scheduleId],
    queryFn: () => unwrap(api.GET("/schedules/{id}", { params: { path: { id: scheduleId } } })),
  });

export const seatsQuery = (scheduleId: number) =>
  queryOptions({
    queryKey: ["seats", scheduleId],
    queryFn: ({ signal }) =>
      unwrap(
        api.GET("/bookings/schedule/{schedule_id}/seats", { params: { path: { schedule_id: scheduleId } }, signal }),
      ),
    // Seats of a moment ago mislead: whoever comes back gets them anew.
    gcTime: 0,
  });

export interface Wish {
  scheduleId: number;
  seats: Pick;
  /** The same for the same wish, however often it is sent. */
  idempotencyKey: string;
}

export function holdSeats({ scheduleId, seats, idempotencyKey }: Wish) {
  return unwrap(
    api.POST("/bookings", {
      body: { schedule_id: scheduleId, seat_ids: [...seats], idempotency_key: idempotencyKey },
    }),
  );
}
