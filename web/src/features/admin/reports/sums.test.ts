import { expect, test } from "vitest";
import type { SalesRow } from "./reports-api";
import { occupancy, totalsOf } from "./sums";

const row = (revenue: number, more: Partial<SalesRow> = {}): SalesRow => ({
  key: "1",
  label: "A",
  showings: 1,
  seats_offered: 100,
  seats_sold: 25,
  revenue,
  currency: "INR",
  ...more,
});

test("money is summed exactly, whatever floating point makes of it", () => {
  expect(totalsOf(Array.from({ length: 10 }, () => row(0.1)))[0]?.revenue).toBe(1);
  expect(totalsOf([row(0.1), row(0.2)])[0]).toMatchObject({ revenue: 0.3, seats_sold: 50, showings: 2 });
});
test("currencies are never mixed", () => {
  const totals = totalsOf([row(1), row(2, { currency: "EUR" }), row(3)]);
  expect(totals.map(({ currency, revenue }) => [currency, revenue])).toEqual([
    ["INR", 4],
    ["EUR", 2],
  ]);
});
test("nothing offered has no occupancy", () => {
  expect(occupancy(row(1))).toBe(0.25);
  expect(occupancy(row(0, { seats_offered: 0, seats_sold: 0 }))).toBeUndefined();
  expect(totalsOf([])).toEqual([]);
});
