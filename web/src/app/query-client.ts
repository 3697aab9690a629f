import { QueryClient } from "@tanstack/react-query";
import { isTemporary } from "@/api/errors";

const attempts = 3;

export function newQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 15_000,
        retry: (failures, error) => failures < attempts && isTemporary(error),
      },
      // What changes something is repeated by its own code alone, under its idempotency key.
      mutations: { retry: false },
    },
  });
}
