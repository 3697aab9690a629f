import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, unwrap } from "@/api/client";
import type { Api } from "@/api/types";
import { allPages } from "../frame/all-pages";
import { houseKey } from "../frame/keys";

export type Show = Api["show_view"];

const showsKey = [...houseKey, "shows"] as const;

/** Every show there is or was, by title. */
export const showsQuery = queryOptions({
  queryKey: [...showsKey, "all"],
  queryFn: async () => {
    const shows = await allPages((at) =>
      unwrap(api.GET("/shows", { params: { query: { ...at, include_cancelled: true } } })),
    );
    return shows.sort((one, other) => one.title.localeCompare(other.title));
  },
});

export const showQuery = (id: number) =>
  queryOptions({
    queryKey: [...showsKey, id],
    queryFn: () => unwrap(api.GET("/shows/{id}", { params: { path: { id } } })),
  });

export interface ShowFacts {
  title: string;
  duration_minutes: number;
  price: number;
  description: string;
  language?: string;
  rating?: string;
}

/** Changes the show `id`, or makes a new one. */
export function useSaveShow(id?: number) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (body: ShowFacts) =>
      unwrap(
        id === undefined ? api.POST("/shows", { body }) : api.PATCH("/shows/{id}", { params: { path: { id } }, body }),
      ),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: showsKey }),
  });
}

export function useShowsChanged() {
  const queryClient = useQueryClient();
  return () => queryClient.invalidateQueries({ queryKey: showsKey });
}
