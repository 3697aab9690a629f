import { expect, test } from "vitest";
import { nameOf } from "./hall";
import { goneFrom, mostSeats, toggled, without } from "./pick";
import { seatAt } from "./testing";

test("a seat is picked, and let go by picking it again", () => {
  expect(toggled([], 7)).toEqual([7]);
  expect(toggled([7, 8], 7)).toEqual([8]);
});

test("nobody picks more than a booking may have, but can still let go", () => {
  const full = Array.from({ length: mostSeats }, (_, index) => index);
  expect(toggled(full, 99)).toBe(full);
  expect(toggled(full, 3)).toHaveLength(mostSeats - 1);
});

test("what others took is named, and the rest stays picked", () => {
  const seats = [seatAt("A", 1), seatAt("A", 2, { is_available: false, is_locked: true }), seatAt("A", 3)];
  const pick = seats.map((seat) => seat.id);
  const gone = goneFrom(pick, seats);
  expect(gone.map(nameOf)).toEqual(["A2"]);
  expect(
    without(
      pick,
      gone.map((seat) => seat.id),
    ),
  ).toEqual([seats[0]?.id, seats[2]?.id]);
});

test("a sale that is closed for a moment leaves the pick as it is", () => {
  const closed = seatAt("A", 1, { is_available: false });
  expect(goneFrom([closed.id], [closed])).toEqual([]);
});
