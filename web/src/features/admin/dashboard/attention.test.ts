import { expect, test } from "vitest";
import type { Showing } from "../calendar/layout";
import { emptyDays, showingsOn } from "./attention";

const at = (start_time: string) => ({ start_time }) as Showing;

test("days without a showing are named, by the venue's calendar", () => {
  const showings = [at("2026-11-25T18:00:00Z"), at("2026-11-26T20:00:00Z"), at("2026-12-01T10:00:00Z")];
  expect(emptyDays(showings, "2026-11-25", "UTC")).toEqual(["2026-11-27", "2026-11-28", "2026-11-29", "2026-11-30"]);
  expect(emptyDays(showings, "2026-11-25", "Asia/Kolkata")).toContain("2026-11-26");
});
test("what plays today comes by its time", () => {
  const [early, late, next] = [at("2026-11-25T09:00:00Z"), at("2026-11-25T18:00:00Z"), at("2026-11-25T19:00:00Z")];
  expect(showingsOn([next, late, early] as Showing[], "2026-11-25", "Asia/Kolkata")).toEqual([early, late]);
});
