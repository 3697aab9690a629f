import { expect, test } from "vitest";
import { hallOf, isClosed, nameOf, stateOf } from "./hall";
import { seatAt } from "./testing";

test("seats stand row by row, each in the column of its number", () => {
  const hall = hallOf([seatAt("A", 1), seatAt("A", 2), seatAt("B", 1), seatAt("B", 2)]);
  expect(hall.rows.map((row) => row.cells.map((seat) => seat && nameOf(seat)))).toEqual([
    ["A1", "A2"],
    ["B1", "B2"],
  ]);
});

test("a number that is missing is an aisle, and a short row ends early", () => {
  const hall = hallOf([seatAt("A", 1), seatAt("A", 3), seatAt("A", 4), seatAt("B", 1)]);
  expect(hall.columns).toBe(4);
  expect(hall.rows.map((row) => row.cells.map((seat) => seat && nameOf(seat)))).toEqual([
    ["A1", undefined, "A3", "A4"],
    ["B1", undefined, undefined, undefined],
  ]);
});

test("a seat that nobody has and that cannot be had means that the sale is over", () => {
  const sold = seatAt("A", 1, { is_available: false, is_booked: true });
  const closed = seatAt("A", 2, { is_available: false });
  expect(isClosed([sold, seatAt("A", 2)])).toBe(false);
  expect(isClosed([sold, closed])).toBe(true);
  expect(stateOf(closed)).toBe("closed");
});
