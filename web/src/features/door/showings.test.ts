import { expect, test } from "vitest";
import type { Showing } from "./offline/store";
import { todaysShowings } from "./showings";

const showing = (id: number, start_time: string, status: Showing["status"] = "ACTIVE") =>
  ({ id, start_time, status, time_zone: "Asia/Kolkata" }) as Showing;

test("today is the venue's day; what began before midnight and is still entered is listed, what is over or cancelled not", () => {
  const now = new Date("2026-11-25T19:00:00Z"); // half past midnight, the 26th, in Kolkata
  const all = [
    showing(5, "2026-11-26T18:00:00Z"),
    showing(4, "2026-11-26T05:00:00Z"),
    showing(1, "2026-11-25T14:00:00Z"),
    showing(2, "2026-11-25T17:00:00Z"),
    showing(3, "2026-11-26T04:00:00Z", "CANCELLED"),
    showing(6, "2026-11-26T18:31:00Z"),
  ];
  expect(todaysShowings(all, now).map(({ id }) => id)).toEqual([2, 4, 5]);
});
