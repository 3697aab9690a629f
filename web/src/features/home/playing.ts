import type { Api } from "@/api/types";
import { addDays, dayOf } from "@/shared/format/days";

export type PlayingShow = Api["playing_show"];

const daysAhead = 7;
const most = 60;

/** Which shows the landing page asks for: from today on for a week, in one city or in all. */
export function playingParameters(city: string | null) {
  const today = dayOf(new Date());
  return { city: city ?? undefined, from_date: today, to_date: addDays(today, daysAhead - 1), limit: most };
}

let early: { city: string | null; shows: Promise<PlayingShow[]> } | undefined;

/** Asks before the client of the API is there; fails where that would, for whatever reason. */
export function askEarly(city: string | null): Promise<PlayingShow[]> {
  const parameters = Object.entries(playingParameters(city)).filter(([, value]) => value !== undefined);
  const shows = fetch(`/api/v1/shows/playing?${new URLSearchParams(parameters as [string, string][])}`).then(
    (answer) => {
      if (!answer.ok) throw new Error(answer.statusText);
      return answer.json() as Promise<PlayingShow[]>;
    },
  );
  early = { city, shows };
  return shows;
}

/** What was asked early for this city, once; what failed is asked again by who can tell why. */
export async function takeEarly(city: string | null): Promise<PlayingShow[] | undefined> {
  const asked = early;
  early = undefined;
  return asked?.city === city ? asked.shows.catch(() => undefined) : undefined;
}
