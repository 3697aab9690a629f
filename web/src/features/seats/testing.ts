import type { Seat } from "./hall";

/** For tests: a free seat, but for what `state` says. */
export function seatAt(row: string, number: number, state: Partial<Seat> = {}): Seat {
  return {
    id: row.charCodeAt(0) * 100 + number,
    row_number: row,
    seat_number: String(number),
    is_available: true,
    is_locked: false,
    is_booked: false,
    ...state,
  };
}

/** For tests: numbers in [0, 1) that a seed repeats (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
