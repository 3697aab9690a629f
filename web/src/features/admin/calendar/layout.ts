import type { Api } from "@/api/types";
import { addDays, type Day, dayMinutes, parseClock, placeOf } from "./week";

export type Showing = Api["schedule_view"];

/** A stretch of a day, in minutes after its midnight. */
export interface Span {
  start: number;
  end: number;
}
export interface Block extends Span {
  day: Day;
  showing: Showing;
}

/** When a venue is open on a day; past midnight the end is above 1440. Equal hours mean always. */
export function openSpan({ opening_time, closing_time }: { opening_time: string; closing_time: string }): Span {
  const start = parseClock(opening_time) ?? 0;
  const end = parseClock(closing_time) ?? 0;
  if (start === end) return { start: 0, end: dayMinutes };
  return { start, end: end < start ? end + dayMinutes : end };
}

/** Showings in the columns of a calendar; those after midnight belong to the day whose opening hours they are in. */
export function blocksOf(showings: Showing[], open: Span, zone: string): Block[] {
  return showings.map((showing) => {
    const place = placeOf(showing.start_time, zone);
    const minutes = (Date.parse(showing.end_time) - Date.parse(showing.start_time)) / 60_000;
    const isNight = place.minutes + dayMinutes < open.end;
    const day = isNight ? addDays(place.day, -1) : place.day;
    const start = isNight ? place.minutes + dayMinutes : place.minutes;
    return { day, showing, start, end: start + minutes };
  });
}

/** `open`, widened to whole hours that everything fits into: hours may have been changed after showings were placed. */
export function shownSpan(open: Span, blocks: Span[]): Span {
  const start = Math.min(open.start, ...blocks.map((block) => block.start));
  const end = Math.max(open.end, ...blocks.map((block) => block.end));
  return { start: Math.floor(start / 60) * 60, end: Math.ceil(end / 60) * 60 };
}

export const overlaps = (one: Span, other: Span): boolean => one.start < other.end && other.start < one.end;

/** `minutes` on the grid of `step`. */
export const snap = (minutes: number, step: number): number => Math.round(minutes / step) * step;

const fillStep = 5;

/** Starts of as many showings of `duration` as fit one after another into what `busy` leaves of `open`, `gap` minutes apart. */
export function fillTimes(open: Span, busy: Span[], duration: number, gap: number): number[] {
  const times: number[] = [];
  const taken = [...busy].sort((one, other) => one.start - other.start);
  let start = Math.ceil(open.start / fillStep) * fillStep;
  while (start + duration <= open.end) {
    const wanted = { start: start - gap, end: start + duration + gap };
    const inTheWay = taken.find((span) => overlaps(wanted, span));
    if (!inTheWay) times.push(start);
    const next = (inTheWay ? inTheWay.end : start + duration) + gap;
    start = Math.ceil(next / fillStep) * fillStep;
  }
  return times;
}
