import type { Seat } from "./hall";

/** What the seat stream tells (GET /bookings/schedule/{id}/seats/stream); seats by id. */
export interface Snapshot {
  on_sale: boolean;
  held: number[];
  sold: number[];
}
export interface Changes {
  free: number[];
  held: number[];
  sold: number[];
}

/** All seats anew: what a snapshot does not name is free. */
export function afterSnapshot(seats: Seat[], { on_sale, held, sold }: Snapshot): Seat[] {
  const heldOnes = new Set(held);
  const soldOnes = new Set(sold);
  return seats.map((seat) => {
    const isTaken = heldOnes.has(seat.id) || soldOnes.has(seat.id);
    return became(seat, on_sale && !isTaken, heldOnes.has(seat.id), soldOnes.has(seat.id));
  });
}

export function afterChanges(seats: Seat[], { free, held, sold }: Changes): Seat[] {
  const freeOnes = new Set(free);
  const heldOnes = new Set(held);
  const soldOnes = new Set(sold);
  return seats.map((seat) => {
    if (freeOnes.has(seat.id)) return became(seat, true, false, false);
    if (heldOnes.has(seat.id)) return became(seat, false, true, false);
    return soldOnes.has(seat.id) ? became(seat, false, false, true) : seat;
  });
}

/** Nothing can be had any more. */
export function afterClosing(seats: Seat[]): Seat[] {
  return seats.map((seat) => became(seat, false, seat.is_locked, seat.is_booked));
}

/** The same object when nothing is different: then its button is not drawn again. */
function became(seat: Seat, is_available: boolean, is_locked: boolean, is_booked: boolean): Seat {
  const isSame = seat.is_available === is_available && seat.is_locked === is_locked && seat.is_booked === is_booked;
  return isSame ? seat : { ...seat, is_available, is_locked, is_booked };
}
