/** What the tests can turn: how webhooks, refunds and payments behave until it is turned back. */

import { ApiError, isObject } from "./http.ts";
import type { Corruption, RefundStatus } from "./records.ts";

/** How webhooks are delivered that are recorded while this is set. */
export interface WebhookSwitches {
  /** Where they go; null: nowhere, they are only recorded. */
  url: string | null;
  /** How often each is sent, all at once and with the same webhook-id. */
  copies: number;
  /** Time before the first attempt. */
  delay_ms: number;
  /** Kept until they are released, in an order that the release chooses. */
  hold: boolean;
  /** Never sent. */
  drop: boolean;
  corrupt: Corruption | null;
  /** These five only for these types, or for all. */
  only: string[] | null;
  /** These five only for so many webhooks more, or for all. */
  times: number | null;
  /** What the documented waits between attempts are multiplied by. */
  retry_scale: number;
  /** How long a receiver may take. */
  timeout_ms: number;
}

export interface Switches {
  webhooks: WebhookSwitches;
  /** What becomes of a new refund. */
  refunds: RefundStatus;
  /** Whether a paid session can be paid again. */
  second_capture: boolean;
  /** The amount that cards are charged, whatever the session's. */
  capture_amount: number | null;
  /** Whether another attempt in a session goes on with its payment, or makes a new one. */
  attempts: "same_payment" | "new_payment";
  rate_limit: boolean;
  /** Whether the `refunds` of a payment show the metadata, which the SDK's types do not promise there. */
  metadata_in_refund_list: boolean;
}

export const defaults = (webhookUrl: string | null): Switches => ({
  webhooks: {
    url: webhookUrl,
    copies: 1,
    delay_ms: 0,
    hold: false,
    drop: false,
    corrupt: null,
    only: null,
    times: null,
    retry_scale: 1,
    timeout_ms: 15_000,
  },
  refunds: "succeeded",
  second_capture: false,
  capture_amount: null,
  attempts: "same_payment",
  rate_limit: true,
  metadata_in_refund_list: true,
});

export type Check = (value: unknown) => boolean;

export const isFlag: Check = (value) => typeof value === "boolean";
export const isText: Check = (value) => typeof value === "string";
export const isAmount: Check = (value) => Number.isSafeInteger(value) && (value as number) >= 0;
export const isOneOf =
  (...values: unknown[]): Check =>
  (value) =>
    values.includes(value);
export const isNullOr =
  (check: Check): Check =>
  (value) =>
    value === null || check(value);
export const isMembers: Check = isObject;
const isTypes: Check = (value) => Array.isArray(value) && value.every(isText);
const isCopies: Check = (value) => isAmount(value) && (value as number) >= 1 && (value as number) <= 10;
const isTime: Check = (value) => isAmount(value) && (value as number) <= 3_600_000;
export const isUrl: Check = (value) =>
  isText(value) && /^https?:\/\/./.test(value as string) && URL.canParse(value as string);
const isScale: Check = (value) => typeof value === "number" && value >= 0 && value <= 1;

export const isCorruption = isOneOf("signature", "timestamp", "body");

const CHECKS: Record<keyof Switches, Check> = {
  webhooks: isMembers,
  refunds: isOneOf("succeeded", "failed", "pending", "review"),
  second_capture: isFlag,
  capture_amount: isNullOr(isAmount),
  attempts: isOneOf("same_payment", "new_payment"),
  rate_limit: isFlag,
  metadata_in_refund_list: isFlag,
};

const WEBHOOK_CHECKS: Record<keyof WebhookSwitches, Check> = {
  url: isNullOr(isUrl),
  copies: isCopies,
  delay_ms: isTime,
  hold: isFlag,
  drop: isFlag,
  corrupt: isNullOr(isCorruption),
  only: isNullOr(isTypes),
  times: isNullOr(isAmount),
  retry_scale: isScale,
  timeout_ms: isTime,
};

/** Throws an ApiError that names a member which is unknown or has a wrong value: a test with a typing error must not pass. */
export function checkMembers(given: Record<string, unknown>, checks: Record<string, Check>): void {
  for (const [name, value] of Object.entries(given)) {
    const check = Object.hasOwn(checks, name) ? checks[name] : undefined;
    if (!check)
      throw new ApiError(400, "UNKNOWN_SWITCH", `There is no "${name}"; there are ${Object.keys(checks).join(", ")}`);
    if (!check(value)) throw new ApiError(400, "BAD_SWITCH", `"${name}" cannot be ${JSON.stringify(value)}`);
  }
}

/** Turns the switches that are given and leaves the others; all or none. */
export function turn(switches: Switches, given: Record<string, unknown>): void {
  checkMembers(given, CHECKS);
  const { webhooks = {}, ...others } = given;
  checkMembers(webhooks as Record<string, unknown>, WEBHOOK_CHECKS);
  Object.assign(switches.webhooks, webhooks);
  Object.assign(switches, others);
}
