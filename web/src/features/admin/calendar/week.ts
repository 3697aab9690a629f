/**
 * Days and clocks of a venue. A day is "YYYY-MM-DD"; a time of day is minutes after its midnight by the venue's clock, 1440 and more
 * being the night after it.
 */
import dayjs from "dayjs";
import timezone from "dayjs/plugin/timezone";
import utc from "dayjs/plugin/utc";
import { addDays, type Day } from "@/shared/format/days";

dayjs.extend(utc);
dayjs.extend(timezone);

export { addDays, type Day, dayOf } from "@/shared/format/days";

export interface Place {
  day: Day;
  minutes: number;
}

export const dayMinutes = 24 * 60;

/** The Monday of the week that `day` is in. */
export const mondayOf = (day: Day): Day => addDays(day, -((dayjs.utc(day).day() + 6) % 7));

export const weekFrom = (monday: Day): Day[] => [0, 1, 2, 3, 4, 5, 6].map((days) => addDays(monday, days));

/** Where a moment is on the venue's calendar. */
export function placeOf(moment: Date | string, zone: string): Place {
  const local = dayjs(moment).tz(zone);
  return { day: local.format("YYYY-MM-DD"), minutes: local.hour() * 60 + local.minute() };
}

/** The moment of a place on the venue's calendar, as the API takes it. */
export function momentOf({ day, minutes }: Place, zone: string): string {
  const date = addDays(day, Math.floor(minutes / dayMinutes));
  return dayjs.tz(`${date}T${printClock(minutes)}`, zone).toISOString();
}

/** "09:05"; the night after a day begins at "00:00" again. */
export function printClock(minutes: number): string {
  const within = ((minutes % dayMinutes) + dayMinutes) % dayMinutes;
  return `${String(Math.floor(within / 60)).padStart(2, "0")}:${String(within % 60).padStart(2, "0")}`;
}

/** Reads "09:05" or "09:05:00"; nothing when it is not a time. */
export function parseClock(text: string): number | undefined {
  const parts = /^([01]\d|2[0-3]):([0-5]\d)/.exec(text);
  return parts ? Number(parts[1]) * 60 + Number(parts[2]) : undefined;
}

/** Whether `text` is a day there is. */
export const isDay = (text: string): boolean =>
  /^\d{4}-\d{2}-\d{2}$/.test(text) && dayjs.utc(text).format("YYYY-MM-DD") === text;
