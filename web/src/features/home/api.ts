import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api, unwrap } from "@/api/client";
import type { Api } from "@/api/types";
import { addDays, dayOf } from "@/shared/format/days";

export type PlayingShow = Api["playing_show"];

const daysAhead = 7;
const most = 60;

/** What plays from today on for a week, in one city or in all, by its first showing. */
export function playingQuery(city: string | null) {
  const today = dayOf(new Date());
  return queryOptions({
    queryKey: ["playing", city, today],
    queryFn: () =>
      unwrap(
        api.GET("/shows/playing", {
          params: {
            query: { city: city ?? undefined, from_date: today, to_date: addDays(today, daysAhead - 1), limit: most },
          },
        }),
      ),
    placeholderData: keepPreviousData,
  });
}
