import { addDays, type Day, isDay } from "../calendar/week";
import type { Period } from "./reports-api";

const mostDays = 366; // the API's
export const spans = ["lastWeek", "lastMonth", "nextWeek"] as const;

/** Periods that people ask for again and again, seen from `today`. */
export function periodOf(span: (typeof spans)[number], today: Day): Period {
  if (span === "nextWeek") return { from_date: today, to_date: addDays(today, 6) };
  return { from_date: addDays(today, span === "lastWeek" ? -6 : -29), to_date: today };
}

/** The period of an address; the last week where it says none that the API would take. */
export function readPeriod(from: string | null, to: string | null, today: Day): Period {
  const isRight = from && to && isDay(from) && isDay(to) && from <= to && to < addDays(from, mostDays);
  return isRight ? { from_date: from, to_date: to } : periodOf("lastWeek", today);
}
