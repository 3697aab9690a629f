import { useFormats } from "@/shared/format/use-formats";
import { type Day, dayMinutes } from "./week";

/** Times of day and days without a moment are written as if they were moments of UTC's first day. */
const asMoment = (minutes: number) => new Date((minutes % dayMinutes) * 60_000);

/** Writes a venue's days and times of day, which are no moments, as the reader does. */
export function useClock() {
  const formats = useFormats();
  const noon = (day: Day) => `${day}T12:00:00Z`;
  return {
    time: (minutes: number) => formats.time(asMoment(minutes), "UTC"),
    span: (start: number, end: number) => formats.timeSpan(asMoment(start), asMoment(end), "UTC"),
    day: (day: Day) => formats.day(noon(day), "UTC"),
    longDay: (day: Day) => formats.longDay(noon(day), "UTC"),
    stub: (day: Day) => formats.stub(noon(day), "UTC"),
  };
}
