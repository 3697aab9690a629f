import type { Showing } from "./offline/store";

/** Doors as they are unless the house has set other hours; the list of a showing tells the true ones. */
const opensBeforeMs = 2 * 3_600_000;
const closesAfterMs = 4 * 3_600_000;

/** Whether one would expect people at the door of a showing now. */
export function isEntered({ start_time }: Showing, now: Date): boolean {
  const start = new Date(start_time).getTime();
  return start - opensBeforeMs <= now.getTime() && now.getTime() < start + closesAfterMs;
}

const dayIn = (timeZone: string, time: Date) => time.toLocaleDateString("en-CA", { timeZone });

/** Those whose doors may be open today, by the venue's calendar: also what began yesterday and goes on. */
export function todaysShowings(showings: readonly Showing[], now: Date): Showing[] {
  return showings
    .filter((showing) => {
      const start = new Date(showing.start_time);
      const isToday = dayIn(showing.time_zone, start) === dayIn(showing.time_zone, now);
      return showing.status === "ACTIVE" && (isEntered(showing, now) || (isToday && start > now));
    })
    .sort((one, other) => one.start_time.localeCompare(other.start_time));
}
