import type { Api } from "@/api/types";

/** How many seats are sold, held for a moment, and free. */
export function seatCounts(seats: Pick<Api["seat_view"], "is_booked" | "is_locked">[]) {
  const sold = seats.filter(({ is_booked }) => is_booked).length;
  const held = seats.filter(({ is_booked, is_locked }) => is_locked && !is_booked).length;
  return { sold, held, free: seats.length - sold - held, all: seats.length };
}
