import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, unwrap } from "@/api/client";
import type { Api } from "@/api/types";
import { houseKey } from "../frame/keys";

/** An event that a service could not handle. */
export type DeadLetter = Api["dead_letter_view"];
/** Money that did not find its way back to a card. */
export type FailedRefund = Api["failed_refund"];

const operationsKey = [...houseKey, "operations"] as const;
const most = 100; // at once, the oldest; what follows comes when these are gone
const refreshMs = 15_000;

export const lettersQuery = queryOptions({
  queryKey: [...operationsKey, "dead-letters"],
  queryFn: () => unwrap(api.GET("/operations/dead-letters", { params: { query: { limit: most } } })),
  refetchInterval: refreshMs,
});

export const failedRefundsQuery = queryOptions({
  queryKey: [...operationsKey, "failed-refunds"],
  queryFn: () => unwrap(api.GET("/payments/failed-refunds")),
  refetchInterval: refreshMs,
});

/** What an operator decides about a letter or a refund. */
export type Decision =
  | { to: "replay" | "drop"; letter: Pick<DeadLetter, "service" | "id"> }
  | { to: "retry"; refund: Pick<FailedRefund, "id"> };

/** Each decision works once: a second one finds nothing that waits. */
export function useDecide() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (decision: Decision): Promise<unknown> => {
      if (decision.to === "retry") {
        return unwrap(
          api.POST("/payments/failed-refunds/{id}/retry", { params: { path: { id: decision.refund.id } } }),
        );
      }
      const params = { path: { service: decision.letter.service, id: decision.letter.id } };
      return decision.to === "replay"
        ? unwrap(api.POST("/operations/dead-letters/{service}/{id}/replay", { params }))
        : unwrap(api.DELETE("/operations/dead-letters/{service}/{id}", { params }));
    },
    onSettled: () => queryClient.invalidateQueries({ queryKey: operationsKey }),
  });
}
