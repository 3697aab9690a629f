import { expect, test } from "vitest";
import { missing, plus, times } from "./money";

test("a sum is exact to the paisa", () => {
  expect(plus(0.1, 0.2)).toBe(0.3);
  expect(times(0.1, 3)).toBe(0.3);
  expect(times(333.33, 3)).toBe(999.99);
});

test("what is missing is exact, and nothing when there is enough", () => {
  expect(missing(620, 619.9)).toBe(0.1);
  expect(missing(620, 620)).toBe(0);
  expect(missing(100, 5000)).toBe(0);
});
