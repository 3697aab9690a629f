import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, unwrap } from "@/api/client";
import type { Api } from "@/api/types";
import { houseKey } from "../frame/keys";

/** What can be cancelled for good, with all that was sold of it. */
export interface Subject {
  kind: "show" | "showing" | "venue";
  id: number;
  /** What has to be typed before anything that was sold is cancelled. */
  name: string;
  /** What tells it from others of that name. */
  detail?: string;
}
export type Cancellation = Api["cancellation_view"];

const pollMs = 1000;

/** Before: what a cancellation would do. After: how far it is, asked again each second until it is done. */
export const cancellationQuery = ({ kind, id }: Subject, cancelled: boolean) =>
  queryOptions({
    queryKey: [...houseKey, "cancellation", kind, id, cancelled],
    queryFn: (): Promise<Cancellation> => {
      const params = { path: { id } };
      if (kind === "show") return unwrap(api.GET("/shows/{id}/cancellation", { params }));
      if (kind === "venue") return unwrap(api.GET("/venues/{id}/cancellation", { params }));
      return unwrap(api.GET("/schedules/{id}/cancellation", { params }));
    },
    staleTime: 0,
    refetchInterval: ({ state }) => (cancelled && state.data?.state !== "DONE" ? pollMs : false),
  });

/** Cancelling what is cancelled already changes nothing, so it may be asked for again. */
export function useCancel({ kind, id }: Subject) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: async (): Promise<unknown> => {
      const params = { path: { id } };
      if (kind === "show") return unwrap(api.DELETE("/shows/{id}", { params }));
      if (kind === "venue") return unwrap(api.DELETE("/venues/{id}", { params }));
      return unwrap(api.DELETE("/schedules/{id}", { params }));
    },
    onSuccess: () => queryClient.invalidateQueries({ queryKey: houseKey }),
  });
}
