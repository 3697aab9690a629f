import { queryOptions, useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useSyncExternalStore } from "react";
import { api, unwrap } from "@/api/client";
import { beginSession, forgetSession, isSignedIn, onSessionChange } from "@/api/session";
import type { Api } from "@/api/types";

/** Every query about the person who is signed in begins with this key: it is forgotten when somebody else signs in. */
export const ownKey = "own";

export function useSignedIn(): boolean {
  return useSyncExternalStore(onSessionChange, isSignedIn);
}

export const accountQuery = queryOptions({
  queryKey: [ownKey, "account"],
  queryFn: () => unwrap(api.GET("/auth/me")),
});

/** The account that is signed in; nothing while it is not known or nobody is. */
export function useAccount(): Api["account_view"] | undefined {
  const signedIn = useSignedIn();
  return useQuery({ ...accountQuery, enabled: signedIn }).data;
}

export interface Credentials {
  email: string;
  password: string;
}
export type NewAccount = Credentials & { username: string; city?: string };

export async function signIn(credentials: Credentials): Promise<void> {
  beginSession(await unwrap(api.POST("/auth/login", { body: credentials })));
}

/** Makes an account and signs in with it. */
export async function register(account: NewAccount): Promise<void> {
  await unwrap(api.POST("/auth/register", { body: account }));
  await signIn({ email: account.email, password: account.password });
}

/** Ends the session here even when the server cannot be told. */
export function useSignOut(): () => Promise<void> {
  const queryClient = useQueryClient();
  return useCallback(async () => {
    await unwrap(api.POST("/auth/logout")).catch(() => undefined);
    forgetSession();
    queryClient.removeQueries({ queryKey: [ownKey] });
  }, [queryClient]);
}
