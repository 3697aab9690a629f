/** What the API and the webhooks show of a record. The types are the official SDK's. */

import type DodoPayments from "dodopayments";
import type { Books } from "./books.ts";
import type { Delivery, Payment, Refund, Session } from "./records.ts";
import type { Switches } from "./switches.ts";

export function paymentView(payment: Payment, books: Books, switches: Switches): DodoPayments.Payment {
  const refunds = books.refundsOf(payment.payment_id);
  const returned = refunds.filter(({ status }) => status === "succeeded").reduce((sum, { amount }) => sum + amount, 0);
  return {
    ...payment,
    refund_status: returned === 0 ? null : returned < payment.total_amount ? "partial" : "full",
    refunds: refunds.map((refund) => refundItem(refund, switches.metadata_in_refund_list)),
  };
}

/** What the list of all payments shows of one. */
export function paymentItem(payment: Payment): DodoPayments.PaymentListResponse {
  const { brand_id, created_at, currency, customer, digital_products_delivered, is_multi_subscription } = payment;
  const { metadata, payment_id, payment_provider, subscription_ids, total_amount, status } = payment;
  return {
    brand_id,
    created_at,
    currency,
    customer,
    digital_products_delivered,
    has_license_key: false,
    is_multi_subscription,
    metadata,
    payment_id,
    payment_provider,
    subscription_ids,
    total_amount,
    status,
    card_last_four: payment.card_last_four ?? null,
    payment_method: payment.payment_method ?? null,
    payment_method_type: payment.payment_method_type ?? null,
    subscription_id: null,
  };
}

/** What a webhook about a payment or refund of the books says of it. */
export function eventData(
  about: NonNullable<Delivery["about"]>,
  books: Books,
  switches: Switches,
): DodoPayments.WebhookPayload["data"] {
  if (about.kind === "payment")
    return { payload_type: "Payment", ...paymentView(found(books.payments, about.id), books, switches) };
  return { payload_type: "Refund", ...found(books.refunds, about.id) };
}

export function sessionView(session: Session, books: Books): DodoPayments.CheckoutSessionStatus {
  const payment = books.payments.get(session.payment_ids.at(-1) ?? "");
  const customer = payment?.customer ?? session.customer;
  return {
    id: session.session_id,
    created_at: session.created_at,
    customer_email: customer?.email ?? null,
    customer_name: customer?.name ?? null,
    payment_id: payment?.payment_id ?? null,
    payment_status: payment?.status ?? null,
  };
}

function refundItem(refund: Refund, withMetadata: boolean): DodoPayments.RefundListItem {
  const { business_id, created_at, is_partial, payment_id, refund_id, status, amount, currency, reason } = refund;
  const item = {
    business_id,
    created_at,
    is_partial,
    payment_id,
    refund_id,
    status,
    amount,
    currency,
    reason: reason ?? null,
  };
  return withMetadata ? Object.assign(item, { metadata: refund.metadata }) : item;
}

function found<Record>(records: Map<string, Record>, id: string): Record {
  const record = records.get(id);
  if (!record) throw new Error(`${id} is announced but not in the books`);
  return record;
}
