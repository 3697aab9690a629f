import { expect, test } from "vitest";
import { seatCounts } from "./seat-counts";

const seat = (is_booked: boolean, is_locked: boolean) => ({ is_booked, is_locked });

test("each seat is counted once", () => {
  const seats = [seat(true, false), seat(true, true), seat(false, true), seat(false, false)];
  expect(seatCounts(seats)).toEqual({ sold: 2, held: 1, free: 1, all: 4 });
  expect(seatCounts([])).toEqual({ sold: 0, held: 0, free: 0, all: 0 });
});
