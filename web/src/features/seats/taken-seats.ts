import { ApiError } from "@/api/errors";
import type { Seat } from "./hall";

/** The seats that a refusal to hold names as gone. */
export function takenSeats(error: unknown, seats: readonly Seat[]): Seat[] {
  if (!(error instanceof ApiError) || error.code !== "SEATS_TAKEN") return [];
  const ids = new Set(error.problem.seat_ids);
  return seats.filter((seat) => ids.has(seat.id));
}
