/** Standard Webhooks signatures. Pure. */

import { createHmac } from "node:crypto";

/** The header `webhook-signature`: one `v1` signature for each secret (`whsec_` and base64, or base64 alone). */
export function sign(secrets: readonly string[], id: string, timestampS: number, body: string): string {
  return secrets
    .map((secret) => {
      const key = Buffer.from(secret.replace(/^whsec_/, ""), "base64");
      return `v1,${createHmac("sha256", key).update(`${id}.${timestampS}.${body}`).digest("base64")}`;
    })
    .join(" ");
}
