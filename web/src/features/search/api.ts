import { keepPreviousData, queryOptions, skipToken } from "@tanstack/react-query";
import { api, unwrap } from "@/api/client";

const mostOfEachKind = 20;

/** What is found for `text`; a request that newer words overtake is called off. */
export function searchQuery(text: string, city: string | null) {
  const q = text.trim();
  return queryOptions({
    queryKey: ["search", q, city],
    queryFn: q
      ? ({ signal }) =>
          unwrap(
            api.GET("/search", { params: { query: { q, city: city ?? undefined, limit: mostOfEachKind } }, signal }),
          )
      : skipToken,
    placeholderData: keepPreviousData,
  });
}
