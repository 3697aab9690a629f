import { useMutation, useQueryClient } from "@tanstack/react-query";
import { accountQuery } from "@/features/session/session";
import { changeAccount } from "./api";

/** Changes the account that is signed in; who shows it sees the new one at once. */
export function useChangeAccount() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: changeAccount,
    onSuccess: (account) => queryClient.setQueryData(accountQuery.queryKey, account),
  });
}
