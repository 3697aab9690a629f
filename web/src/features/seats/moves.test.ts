import { expect, test } from "vitest";
import { hallOf, nameOf } from "./hall";
import { moved } from "./moves";
import { seatAt } from "./testing";

const seats = [seatAt("A", 1), seatAt("A", 2), seatAt("A", 4), seatAt("B", 1), seatAt("B", 2)];
const hall = hallOf(seats);

test.each([
  ["A1", "ArrowRight", false, "A2"],
  ["A2", "ArrowRight", false, "A4"],
  ["A4", "ArrowRight", false, "A4"],
  ["A4", "ArrowLeft", false, "A2"],
  ["A1", "ArrowUp", false, "A1"],
  ["A2", "ArrowDown", false, "B2"],
  ["A4", "ArrowDown", false, "B2"],
  ["B2", "ArrowUp", false, "A2"],
  ["B2", "Home", false, "B1"],
  ["A1", "End", false, "A4"],
  ["B2", "Home", true, "A1"],
  ["A1", "End", true, "B2"],
  ["A1", "x", false, "A1"],
])("from %s, %s (control: %s) leads to %s", (from, key, control, to) => {
  const seat = seats.find((candidate) => nameOf(candidate) === from);
  expect(seat && nameOf(moved(hall, seat, key, control))).toBe(to);
});
