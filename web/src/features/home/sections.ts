import { type Day, dayOf } from "@/shared/format/days";
import type { PlayingShow } from "./playing";

/** How wide a card's poster is on the page, in the words of the sizes attribute. */
export const posterSizes = "(max-width: 36em) 45vw, (max-width: 62em) 30vw, 220px";

/** How many posters a phone shows first. */
export const firstToPaint = 4;

/** What still begins today and what begins later, each where there is any; the first few of the first are seen first. */
export function sectionsOf(shows: readonly PlayingShow[], today: Day) {
  const isToday = (show: PlayingShow) => dayOf(show.first_start) <= today;
  return [
    { name: "today" as const, shows: shows.filter(isToday) },
    { name: "week" as const, shows: shows.filter((show) => !isToday(show)) },
  ]
    .filter((section) => section.shows.length > 0)
    .map(({ name, shows }, section) => ({
      name,
      cards: shows.map((show, card) => ({ show, isFirst: section === 0 && card < firstToPaint })),
    }));
}
