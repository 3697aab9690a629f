/** Days as cinemas have them: each showing belongs to a day of its venue's own time zone. */

/** A day of the calendar, YYYY-MM-DD. */
export type Day = string;

/** Making one takes a phone a tenth of a second. Swedish writes days as ISO 8601 does. */
const inZone = new Map<string, Intl.DateTimeFormat>();
function formatIn(timeZone: string): Intl.DateTimeFormat {
  const made = inZone.get(timeZone) ?? new Intl.DateTimeFormat("sv-SE", { dateStyle: "short", timeZone });
  inZone.set(timeZone, made);
  return made;
}

/** The day on which `time` falls in `timeZone` (IANA), or where the reader is. */
export function dayOf(time: string | Date, timeZone?: string): Day {
  const moment = new Date(time);
  if (timeZone) return formatIn(timeZone).format(moment);
  return new Date(moment.getTime() - moment.getTimezoneOffset() * 60_000).toISOString().slice(0, 10);
}

/** The day `count` days after `day`. */
export function addDays(day: Day, count: number): Day {
  const time = new Date(`${day}T00:00:00Z`);
  time.setUTCDate(time.getUTCDate() + count);
  return time.toISOString().slice(0, 10);
}

/** The values by the keys in the order in which these first appear. */
export function groupBy<Value, Key>(values: readonly Value[], key: (value: Value) => Key): Map<Key, Value[]> {
  const groups = new Map<Key, Value[]>();
  for (const value of values) {
    const found = groups.get(key(value));
    if (found) found.push(value);
    else groups.set(key(value), [value]);
  }
  return groups;
}
