import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, unwrap } from "@/api/client";
import type { Api } from "@/api/types";
import { allPages } from "../frame/all-pages";
import { houseKey } from "../frame/keys";

export type Venue = Api["venue_view"];

const venuesKey = [...houseKey, "venues"] as const;

/** Every venue there is or was, by name. */
export const venuesQuery = queryOptions({
  queryKey: [...venuesKey, "all"],
  queryFn: async () => {
    const venues = await allPages((at) =>
      unwrap(api.GET("/venues", { params: { query: { ...at, include_inactive: true } } })),
    );
    return venues.sort((one, other) => one.name.localeCompare(other.name));
  },
});

export const venueQuery = (id: number) =>
  queryOptions({
    queryKey: [...venuesKey, id],
    queryFn: () => unwrap(api.GET("/venues/{id}", { params: { path: { id } } })),
  });

export interface VenueFacts {
  name: string;
  location: string;
  city: string;
  opening_time: string;
  closing_time: string;
  /** Of a new venue alone: it cannot be changed. */
  time_zone?: string;
}

/** Changes the venue `id`, or makes a new one. */
export function useSaveVenue(id?: number) {
  const venuesChanged = useVenuesChanged();
  return useMutation({
    mutationFn: (body: VenueFacts) => {
      if (id === undefined) return unwrap(api.POST("/venues", { body }));
      const { time_zone: _, ...changed } = body;
      return unwrap(api.PATCH("/venues/{id}", { params: { path: { id } }, body: changed }));
    },
    onSuccess: venuesChanged,
  });
}

export function useVenuesChanged() {
  const queryClient = useQueryClient();
  return () => queryClient.invalidateQueries({ queryKey: venuesKey });
}
