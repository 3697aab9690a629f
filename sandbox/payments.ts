/** Payments: what a card does to a session, and what settles later. */

import type { Books } from "./books.ts";
import type { Outcome } from "./cards.ts";
import { BUSINESS_ID } from "./catalogue.ts";
import { ApiError } from "./http.ts";
import { type Currency, newId, type Payment, type PaymentStatus, type Session } from "./records.ts";
import type { Switches } from "./switches.ts";
import type { Webhooks } from "./webhooks.ts";

/** Why a session takes no card now, or null when it does. */
export type Closed = "paid" | "processing" | "expired" | null;

/** The end of a payment; but with another card a failed one may still succeed. */
const ENDED: readonly PaymentStatus[] = ["succeeded", "failed", "cancelled"];
/** The states that Dodo announces. */
const ANNOUNCED: readonly PaymentStatus[] = ["succeeded", "failed", "processing", "cancelled"];
const STATUS_OF: Record<Outcome, PaymentStatus> = {
  succeeds: "succeeded",
  declines: "failed",
  processes: "processing",
};

export class Payments {
  readonly #books: Books;
  readonly #switches: Switches;
  readonly #webhooks: Webhooks;

  constructor(books: Books, switches: Switches, webhooks: Webhooks) {
    this.#books = books;
    this.#switches = switches;
    this.#webhooks = webhooks;
  }

  closed(session: Session, now: Date): Closed {
    const statuses = session.payment_ids.map((id) => this.#books.payments.get(id)?.status);
    if (!this.#switches.second_capture) {
      if (statuses.includes("succeeded")) return "paid";
      if (statuses.includes("processing")) return "processing";
    }
    return Date.parse(session.expires_at) <= now.getTime() ? "expired" : null;
  }

  /** A card of this outcome is charged the session's amount, or the one that a switch says. A 409 when the session is closed. */
  pay(session: Session, card: { outcome: Outcome; number: string; name: string }): Payment {
    const closed = this.closed(session, new Date());
    if (closed) throw new ApiError(409, "CHECKOUT_SESSION_CONSUMED", `This session is ${closed}`);
    const amount = this.#switches.capture_amount ?? session.amount;
    const payment = this.#unfinished(session) ?? this.#open(session, amount);
    Object.assign(payment, { total_amount: amount, settlement_amount: amount });
    payment.card_last_four = card.number.slice(-4);
    payment.card_holder_name = card.name;
    this.#move(payment, STATUS_OF[card.outcome]);
    return payment;
  }

  /** Charges a session although it may be paid or expired, and any amount. */
  capture(session: Session, amount: number, currency: Currency): Payment {
    const payment = this.#open(session, amount);
    Object.assign(payment, { currency, settlement_currency: currency, card_last_four: "4242" });
    this.#move(payment, "succeeded");
    return payment;
  }

  /** A session with `confirm: true` has its payment from the beginning. */
  open(session: Session): Payment {
    const payment = this.#open(session, session.amount);
    this.#books.put("payment", payment);
    return payment;
  }

  /** Moves a payment that has not ended to any state; a 409 for any other. */
  settle(payment: Payment, status: PaymentStatus): void {
    if (ENDED.includes(payment.status)) {
      throw new ApiError(409, "NOT_UNFINISHED", `The payment is ${payment.status} and does not change`);
    }
    this.#move(payment, status);
  }

  /** From now on the session takes no card; what was unfinished in it is cancelled. */
  expire(session: Session): void {
    session.expires_at = new Date().toISOString();
    this.#books.put("session", session);
    for (const id of session.payment_ids) {
      const payment = this.#books.payments.get(id);
      if (payment?.status === "requires_payment_method") this.#move(payment, "cancelled");
    }
  }

  /** The payment with which another attempt goes on: after a decline it is the same one. */
  #unfinished(session: Session): Payment | undefined {
    const last = this.#books.payments.get(session.payment_ids.at(-1) ?? "");
    if (last?.status === "requires_payment_method") return last;
    if (last?.status !== "failed" || this.#switches.attempts === "new_payment") return undefined;
    last.retry_attempt += 1;
    return last;
  }

  #open(session: Session, amount: number): Payment {
    const now = new Date().toISOString();
    const payment: Payment = {
      payment_id: newId("pay"),
      business_id: BUSINESS_ID,
      brand_id: BUSINESS_ID,
      status: "requires_payment_method",
      created_at: now,
      updated_at: now,
      total_amount: amount,
      tax: 0,
      currency: session.currency,
      settlement_amount: amount,
      settlement_currency: session.currency,
      settlement_tax: 0,
      payment_provider: "dodo",
      payment_method: "card",
      payment_method_type: "credit",
      customer: session.customer ?? { customer_id: newId("cus"), email: "guest@customer.example", name: "" },
      billing: session.billing,
      product_cart: session.product_cart,
      metadata: session.metadata,
      checkout_session_id: session.session_id,
      disputes: [],
      subscription_ids: [],
      subscription_id: null,
      is_multi_subscription: false,
      is_update_payment_method: false,
      digital_products_delivered: false,
      retry_attempt: 0,
      error_code: null,
      error_message: null,
    };
    session.payment_ids.push(payment.payment_id);
    this.#books.put("session", session);
    return payment;
  }

  #move(payment: Payment, status: PaymentStatus): void {
    payment.status = status;
    payment.updated_at = new Date().toISOString();
    const declined = status === "failed";
    payment.error_code = declined ? "CARD_DECLINED" : null;
    payment.error_message = declined ? "Your card was declined." : null;
    this.#books.put("payment", payment);
    if (ANNOUNCED.includes(status))
      this.#webhooks.announce(`payment.${status}`, { kind: "payment", id: payment.payment_id });
  }
}
