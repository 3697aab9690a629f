import type { Showing } from "../calendar/layout";
import { addDays, type Day, dayOf } from "../calendar/week";

const lookAheadDays = 7;

/** Days of the coming week, from `today` on, on which nothing plays at a venue in `zone`. */
export function emptyDays(showings: Pick<Showing, "start_time">[], today: Day, zone: string): Day[] {
  const played = new Set(showings.map(({ start_time }) => dayOf(start_time, zone)));
  const days = Array.from({ length: lookAheadDays }, (_, day) => addDays(today, day));
  return days.filter((day) => !played.has(day));
}

/** Showings of `today` by the clock of `zone`, in the order in which they begin. */
export function showingsOn(showings: Showing[], today: Day, zone: string): Showing[] {
  return showings
    .filter(({ start_time }) => dayOf(start_time, zone) === today)
    .sort((one, other) => Date.parse(one.start_time) - Date.parse(other.start_time));
}
