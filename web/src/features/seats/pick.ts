import { type Seat, stateOf } from "./hall";

/** The API's most seats of one booking. */
export const mostSeats = 10;

/** Seats by id, in the order in which they were picked. */
export type Pick = readonly number[];

/** Picks a seat, or lets it go. With as many as one may have, the pick stays as it is. */
export function toggled(pick: Pick, seat: number): Pick {
  if (pick.includes(seat)) return pick.filter((id) => id !== seat);
  return pick.length < mostSeats ? [...pick, seat] : pick;
}

/** What of the pick somebody else has now. A sale that is closed takes nothing from it: perhaps it goes on in a moment. */
export function goneFrom(pick: Pick, seats: readonly Seat[]): Seat[] {
  const picked = new Set(pick);
  return seats.filter((seat) => picked.has(seat.id) && ["held", "sold"].includes(stateOf(seat)));
}

export function without(pick: Pick, gone: readonly number[]): Pick {
  return gone.length === 0 ? pick : pick.filter((id) => !gone.includes(id));
}
