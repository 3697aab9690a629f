import { expect, test } from "vitest";
import { addDays, dayOf, groupBy } from "./days";

test("a showing belongs to the day of its venue, whatever the reader's zone", () => {
  const lateInMumbai = "2026-11-25T19:00:00Z"; // half past midnight there
  expect(dayOf(lateInMumbai, "Asia/Kolkata")).toBe("2026-11-26");
  expect(dayOf(lateInMumbai, "America/New_York")).toBe("2026-11-25");
});

test("without a zone it is the reader's day", () => {
  const late = new Date(2026, 11, 31, 23, 59);
  expect(dayOf(late)).toBe("2026-12-31");
  expect(dayOf(new Date(late.getTime() + 60_000).toISOString())).toBe("2027-01-01");
  expect(dayOf(late, Intl.DateTimeFormat().resolvedOptions().timeZone)).toBe("2026-12-31");
});

test("days are counted over the ends of months, years and summer time", () => {
  expect(addDays("2026-12-31", 1)).toBe("2027-01-01");
  expect(addDays("2028-02-28", 1)).toBe("2028-02-29");
  expect(addDays("2026-03-29", 1)).toBe("2026-03-30");
  expect(addDays("2026-03-01", -1)).toBe("2026-02-28");
});

test("groups keep the order of their first members, and of the members", () => {
  expect([...groupBy(["b1", "a1", "b2"], (value) => value[0])]).toEqual([
    ["b", ["b1", "b2"]],
    ["a", ["a1"]],
  ]);
});
