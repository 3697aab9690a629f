import { expect, test } from "vitest";
import { SeenCodes } from "./seen-codes";

test("a code that stays before the camera is scanned once; another at once, the same again when it had gone", () => {
  const seen = new SeenCodes(1_000);
  expect(seen.isNew("a", 0)).toBe(true);
  expect(seen.isNew("a", 900)).toBe(false);
  expect(seen.isNew("a", 1_800)).toBe(false);
  expect(seen.isNew("b", 1_900)).toBe(true);
  expect(seen.isNew("a", 2_000)).toBe(true);
  expect(seen.isNew("a", 3_100)).toBe(true);
});
