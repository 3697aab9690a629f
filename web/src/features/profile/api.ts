import { api, unwrap } from "@/api/client";
import { beginSession } from "@/api/session";
import type { Api } from "@/api/types";

export type Account = Api["account_view"];
export type Changes = Partial<Pick<Account, "username" | "city" | "language">>;

export function changeAccount(changes: Changes): Promise<Account> {
  return unwrap(api.PATCH("/auth/me", { body: changes }));
}

/** Ends every other session; this one goes on with new tokens. */
export async function changePassword(passwords: { current_password: string; new_password: string }): Promise<void> {
  beginSession(await unwrap(api.POST("/auth/change-password", { body: passwords })));
}
