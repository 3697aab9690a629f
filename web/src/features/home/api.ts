import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api, unwrap } from "@/api/client";
import { playingParameters, takeEarly } from "./playing";

/** What plays from today on for a week, in one city or in all, by its first showing. */
export function playingQuery(city: string | null) {
  const query = playingParameters(city);
  return queryOptions({
    queryKey: ["playing", city, query.from_date],
    queryFn: async () => (await takeEarly(city)) ?? unwrap(api.GET("/shows/playing", { params: { query } })),
    placeholderData: keepPreviousData,
  });
}
