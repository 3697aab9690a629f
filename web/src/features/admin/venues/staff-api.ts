import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, unwrap } from "@/api/client";
import type { Api } from "@/api/types";
import { allPages } from "../frame/all-pages";
import { houseKey } from "../frame/keys";

export type Keeper = Api["staff_view"];
export interface NewKeeper {
  email: string;
  username: string;
  password: string;
}

const staffKey = [...houseKey, "staff"] as const;

/** Who keeps the doors of a venue. */
export const staffQuery = (venueId: number) =>
  queryOptions({
    queryKey: [...staffKey, venueId],
    queryFn: () =>
      allPages((at) => unwrap(api.GET("/auth/staff", { params: { query: { ...at, venue_id: venueId } } }))),
  });

/** Makes, moves to another venue, and ends accounts that keep doors. */
export function useStaffChanges(venueId: number) {
  const queryClient = useQueryClient();
  const onSuccess = () => queryClient.invalidateQueries({ queryKey: staffKey });
  const add = useMutation({
    mutationFn: (keeper: NewKeeper) => unwrap(api.POST("/auth/staff", { body: { ...keeper, venue_id: venueId } })),
    onSuccess,
  });
  const move = useMutation({
    mutationFn: ({ id, to }: { id: number; to: number }) =>
      unwrap(api.PATCH("/auth/staff/{id}", { params: { path: { id } }, body: { venue_id: to } })),
    onSuccess,
  });
  const end = useMutation({
    mutationFn: (id: number) => unwrap(api.DELETE("/auth/staff/{id}", { params: { path: { id } } })),
    onSuccess,
  });
  return { add, move, end };
}
