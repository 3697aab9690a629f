import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { houseKey } from "../frame/keys";
import { later } from "../frame/later";

/** An event that a service could not handle. */
export interface DeadLetter {
  service: string;
  id: string;
  topic: string;
  type: string;
  key: string;
  attempts: number;
  reason: string;
  failed_at: string;
}
/** Money that did not find its way back to a card. */
export interface FailedRefund {
  id: number;
  payment_id: number;
  booking_id?: number;
  amount: number;
  currency: string;
  attempts: number;
  reason: string;
  failed_at: string;
}

const operationsKey = [...houseKey, "operations"] as const;
const most = 100; // at once, the oldest; what follows comes when these are gone
const refreshMs = 15_000;

export const lettersQuery = queryOptions({
  queryKey: [...operationsKey, "dead-letters"],
  queryFn: () => later<DeadLetter[]>("GET", "/operations/dead-letters", { params: { query: { limit: most } } }),
  refetchInterval: refreshMs,
});

export const failedRefundsQuery = queryOptions({
  queryKey: [...operationsKey, "failed-refunds"],
  queryFn: () => later<FailedRefund[]>("GET", "/payments/failed-refunds", { params: { query: { limit: most } } }),
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
        return later("POST", "/payments/failed-refunds/{id}/retry", { params: { path: { id: decision.refund.id } } });
      }
      const params = { path: { service: decision.letter.service, id: decision.letter.id } };
      return decision.to === "replay"
        ? later("POST", "/operations/dead-letters/{service}/{id}/replay", { params })
        : later("DELETE", "/operations/dead-letters/{service}/{id}", { params });
    },
    onSettled: () => queryClient.invalidateQueries({ queryKey: operationsKey }),
  });
}
