import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { api, unwrap } from "@/api/client";
import type { Api } from "@/api/types";
import { ownKey } from "@/features/session/session";
import { pauseBeforeAsking } from "./top-up-rules";

export type Wallet = Api["wallet_view"];
export type Movement = Api["wallet_transaction"];
export type TopUp = Api["top_up_view"];

const movementsAPage = 20;

/** Balance and movements, the newest first. The balance of the first page is the newest. */
export const walletQuery = infiniteQueryOptions({
  queryKey: [ownKey, "wallet", "movements"],
  queryFn: ({ pageParam: skip }) =>
    unwrap(api.GET("/auth/wallet", { params: { query: { skip, limit: movementsAPage } } })),
  initialPageParam: 0,
  getNextPageParam: ({ transactions }, pages) =>
    transactions.length < movementsAPage ? undefined : pages.length * movementsAPage,
});

/** Opens a page on which the card is charged; the same key is the same wish, however often it is sent. */
export function topUp(amount: number, idempotencyKey: string): Promise<TopUp> {
  return unwrap(api.POST("/payments/top-up", { body: { amount, idempotency_key: idempotencyKey } }));
}

/** A top-up, asked for until it has come to an end. */
export const topUpQuery = (id: number) =>
  queryOptions({
    queryKey: [ownKey, "top-up", id],
    queryFn: () => unwrap(api.GET("/payments/top-ups/{id}", { params: { path: { id } } })),
    refetchInterval: ({ state: { data, dataUpdateCount } }) => pauseBeforeAsking(data?.status, dataUpdateCount),
  });
