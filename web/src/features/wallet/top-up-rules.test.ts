import { expect, test } from "vitest";
import { amountAskedFor, isWithinLimits, pauseBeforeAsking } from "./top-up-rules";

test.each([
  ["340", 340],
  ["340.505", 340.51], // never less than what is missing
  ["12", 50],
  ["99999", 50_000],
])("an address that asks for %s gets %d", (text, amount) => {
  expect(amountAskedFor(text)).toBe(amount);
});

test.each([null, "", "-5", "0", "NaN", "much"])("an address that asks for %j asks for nothing", (text) => {
  expect(amountAskedFor(text)).toBeUndefined();
});

test("amounts beyond the limits and no amount at all are refused", () => {
  expect([50, 50_000, 777.5].every(isWithinLimits)).toBe(true);
  expect([49.99, 50_000.01, "", Number.NaN, undefined].some(isWithinLimits)).toBe(false);
});

test("a top-up is asked for until it is over: quickly at first, then seldom", () => {
  expect(pauseBeforeAsking("PENDING", 1)).toBeLessThan(2_000);
  expect(pauseBeforeAsking("PENDING", 100)).toBeGreaterThan(5_000);
  expect(pauseBeforeAsking("REFUND_INITIATED", 1)).toBeTruthy();
  for (const over of ["COMPLETED", "FAILED", "REFUNDED"] as const) expect(pauseBeforeAsking(over, 1)).toBe(false);
});
