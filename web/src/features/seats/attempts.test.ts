import { expect, test } from "vitest";
import { Attempts } from "./attempts";

test("a wish keeps its key until it is answered, in whatever order its seats were picked", () => {
  const attempts = new Attempts();
  const key = attempts.keyOf(7, [2, 10, 1]);
  expect(attempts.keyOf(7, [1, 2, 10])).toBe(key);
  attempts.answered(7, [10, 1, 2]);
  expect(attempts.keyOf(7, [1, 2, 10])).not.toBe(key);
});

test("other seats and other showings are other wishes", () => {
  const attempts = new Attempts();
  const keys = [attempts.keyOf(7, [1]), attempts.keyOf(7, [1, 2]), attempts.keyOf(8, [1])];
  expect(new Set(keys).size).toBe(3);
});
