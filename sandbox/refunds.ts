/** Refunds. As with Dodo no call is idempotent: each is a refund of its own, as long as there is something to give back. */

import type { Books } from "./books.ts";
import { BUSINESS_ID } from "./catalogue.ts";
import { readMetadata } from "./checkouts.ts";
import { ApiError, invalid, isObject, notFound } from "./http.ts";
import { newId, type Payment, type Refund, type RefundStatus } from "./records.ts";
import type { Switches } from "./switches.ts";
import type { Webhooks } from "./webhooks.ts";

const MAX_REASON = 3_000;

export class Refunds {
  readonly #books: Books;
  readonly #switches: Switches;
  readonly #webhooks: Webhooks;

  constructor(books: Books, switches: Switches, webhooks: Webhooks) {
    this.#books = books;
    this.#switches = switches;
    this.#webhooks = webhooks;
  }

  /** POST /refunds. */
  create(body: Record<string, unknown>): Refund {
    if (typeof body.payment_id !== "string") throw invalid("payment_id is missing");
    const payment = this.#books.payments.get(body.payment_id);
    if (!payment) throw notFound(`Payment ${body.payment_id}`);
    if (payment.status !== "succeeded")
      throw new ApiError(422, "PAYMENT_NOT_SUCCEEDED", "Only a payment that succeeded is refunded");
    const refund: Refund = {
      refund_id: newId("ref"),
      payment_id: payment.payment_id,
      business_id: BUSINESS_ID,
      brand_id: BUSINESS_ID,
      created_at: new Date().toISOString(),
      amount: refundAmount(readItems(body.items, payment), payment.total_amount, this.#returned(payment)),
      currency: payment.currency,
      customer: payment.customer,
      is_partial: false,
      metadata: readMetadata(body.metadata),
      reason: readReason(body.reason),
      status: this.#switches.refunds,
    };
    refund.is_partial = refund.amount < payment.total_amount;
    this.#books.put("refund", refund);
    this.#announce(refund);
    return refund;
  }

  /** Ends a refund that is pending or in review; a 409 for any other. */
  settle(refund: Refund, status: RefundStatus): void {
    if (refund.status !== "pending" && refund.status !== "review") {
      throw new ApiError(409, "NOT_UNFINISHED", `The refund ${refund.status} already`);
    }
    refund.status = status;
    this.#books.put("refund", refund);
    this.#announce(refund);
  }

  /** What was given back or may still be. */
  #returned(payment: Payment): number {
    return this.#books
      .refundsOf(payment.payment_id)
      .filter(({ status }) => status !== "failed")
      .reduce((sum, { amount }) => sum + amount, 0);
  }

  #announce({ refund_id, status }: Refund): void {
    if (status === "succeeded" || status === "failed") {
      this.#webhooks.announce(`refund.${status}`, { kind: "refund", id: refund_id });
    }
  }
}

/** The sum of the items, or without any the whole payment; an ApiError when less than that is left. Pure. */
export function refundAmount(items: number[] | null, paid: number, returned: number): number {
  if (returned >= paid) throw new ApiError(409, "PAYMENT_ALREADY_REFUNDED", "The payment has been refunded already");
  const amount = items === null ? paid : items.reduce((sum, each) => sum + each, 0);
  if (amount < 1) throw invalid("There is nothing to refund");
  if (amount > paid - returned) {
    throw new ApiError(
      422,
      "REFUND_AMOUNT_EXCEEDS_PAID_AMOUNT",
      `Of the payment ${paid - returned} are left, not ${amount}`,
    );
  }
  return amount;
}

/** The amounts of the items; null when there are none. An item without an amount is all of the payment. */
function readItems(value: unknown, payment: Payment): number[] | null {
  if (value === undefined || value === null) return null;
  if (!Array.isArray(value) || value.length === 0) throw invalid("items must be a list with something in it");
  return value.map((item) => {
    if (!isObject(item) || typeof item.item_id !== "string") throw invalid("an item needs an item_id");
    if (!payment.product_cart?.some(({ product_id }) => product_id === item.item_id))
      throw notFound(`Item ${item.item_id}`);
    if (item.amount === undefined || item.amount === null) return payment.total_amount;
    if (!Number.isSafeInteger(item.amount) || (item.amount as number) < 0)
      throw invalid("amount must be in minor units");
    return item.amount as number;
  });
}

function readReason(value: unknown): string | null {
  if (value === undefined || value === null) return null;
  if (typeof value !== "string" || value.length > MAX_REASON)
    throw invalid(`reason must be a text of at most ${MAX_REASON} characters`);
  return value;
}
