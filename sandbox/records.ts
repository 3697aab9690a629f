/** What the sandbox keeps. Answers have the types of the official SDK, so that the compiler holds them to the documented shape. */

import { randomBytes, randomInt } from "node:crypto";
import type DodoPayments from "dodopayments";

export type Currency = DodoPayments.Currency;
export type Metadata = Record<string, string>;
export type PaymentStatus = DodoPayments.IntentStatus;
export const PAYMENT_STATUSES: readonly PaymentStatus[] = [
  "succeeded",
  "failed",
  "cancelled",
  "processing",
  "requires_customer_action",
  "requires_merchant_action",
  "requires_payment_method",
  "requires_confirmation",
  "requires_capture",
  "partially_captured",
  "partially_captured_and_capturable",
];
export type RefundStatus = DodoPayments.RefundStatus;

/** A checkout session. It can be paid until `expires_at`; its amount, in minor units, is that of the whole cart. */
export interface Session {
  session_id: string;
  created_at: string;
  expires_at: string;
  product_cart: { product_id: string; quantity: number }[];
  amount: number;
  currency: Currency;
  customer: DodoPayments.CustomerLimitedDetails | null;
  billing: DodoPayments.BillingAddress;
  metadata: Metadata;
  return_url: string | null;
  cancel_url: string | null;
  /** Oldest first. More than one only after a second capture, or when each attempt is a payment of its own. */
  payment_ids: string[];
}

/** A payment as it is kept; what it shows of its refunds is added when it is shown. */
export type Payment = Omit<DodoPayments.Payment, "refunds" | "refund_status"> & {
  status: PaymentStatus;
  checkout_session_id: string;
};

export type Refund = DodoPayments.Refund & { amount: number; currency: Currency };

export type Corruption = "signature" | "timestamp" | "body";

/** One try to deliver a webhook: the status that the receiver answered, or why there was none. */
export interface Attempt {
  at: string;
  status: number | null;
  error: string | null;
  duration_ms: number;
}

/** A webhook and all that became of it. */
export interface Delivery {
  webhook_id: string;
  type: string;
  /** When the event happened, which is not when it is delivered. */
  timestamp: string;
  /** The payment or refund it is about; its state is read anew for each attempt. Null when it was written by hand. */
  about: { kind: "payment" | "refund"; id: string } | null;
  /** The body that was written by hand. */
  body: string | null;
  state: "pending" | "held" | "delivered" | "dropped" | "failed";
  copies: number;
  corrupt: Corruption | null;
  attempts: Attempt[];
  /** When the next attempt is due; null when there is none. */
  next_attempt_at: string | null;
}

const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/** A new identifier in the form of the real ones, e.g. `pay_` and 21 letters and digits that cannot be guessed. */
export function newId(prefix: "cks" | "pay" | "ref" | "cus" | "msg" | "sk" | "pi"): string {
  return `${prefix}_${Array.from({ length: 21 }, () => ALPHABET[randomInt(ALPHABET.length)]).join("")}`;
}

export const newKey = (): string => newId("sk");
export const newSecret = (): string => `whsec_${randomBytes(24).toString("base64")}`;
