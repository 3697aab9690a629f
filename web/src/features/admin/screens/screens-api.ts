import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, unwrap } from "@/api/client";
import type { Api } from "@/api/types";
import { allPages } from "../frame/all-pages";
import { houseKey } from "../frame/keys";

export type Screen = Api["screen_view"];

const screensKey = [...houseKey, "screens"] as const;

/** The screens of a venue, by name. */
export const screensQuery = (venueId: number) =>
  queryOptions({
    queryKey: [...screensKey, venueId],
    queryFn: async () => {
      const screens = await allPages((at) =>
        unwrap(api.GET("/screens", { params: { query: { ...at, venue_id: venueId } } })),
      );
      return screens.sort((one, other) => one.name.localeCompare(other.name, undefined, { numeric: true }));
    },
  });

export interface ScreenFacts {
  name: string;
  capacity: number;
  /** Of a new screen alone: it cannot be changed. */
  seats_per_row: number;
}

/** Renames or enlarges `screen`, or adds a new one to the venue. */
export function useSaveScreen(venueId: number, screen?: Screen) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: ({ seats_per_row, ...facts }: ScreenFacts) =>
      unwrap(
        screen
          ? api.PATCH("/screens/{id}", { params: { path: { id: screen.id } }, body: facts })
          : api.POST("/screens", { body: { ...facts, seats_per_row, venue_id: venueId } }),
      ),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: screensKey }),
  });
}
