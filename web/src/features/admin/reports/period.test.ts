import { expect, test } from "vitest";
import { periodOf, readPeriod } from "./period";

const today = "2026-11-25";

test("the last week ends today and has seven days; the next begins today", () => {
  expect(periodOf("lastWeek", today)).toEqual({ from_date: "2026-11-19", to_date: today });
  expect(periodOf("nextWeek", today)).toEqual({ from_date: today, to_date: "2026-12-01" });
});
test("an address that makes no period is read as the last week", () => {
  const lastWeek = periodOf("lastWeek", today);
  expect(readPeriod(null, null, today)).toEqual(lastWeek);
  expect(readPeriod("2026-11-26", "2026-11-25", today)).toEqual(lastWeek);
  expect(readPeriod("2026-02-30", "2026-03-01", today)).toEqual(lastWeek);
  expect(readPeriod("2025-01-01", "2026-01-02", today)).toEqual(lastWeek);
  expect(readPeriod("2025-01-01", "2026-01-01", today).from_date).toBe("2025-01-01");
});
