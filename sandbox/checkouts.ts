/** POST /checkouts: what is asked for, checked and made a session. */

import type DodoPayments from "dodopayments";
import { ApiError, invalid, isObject, notFound } from "./http.ts";
import { type Metadata, newId, type Session } from "./records.ts";

const DAY_MS = 24 * 3_600_000;
const CONFIRMED_MS = 15 * 60_000;
const MAX_CART = 20;

type Body = Record<string, unknown>;
type Catalogue = Map<string, DodoPayments.Product>;

/** A session as the body asks for it, or an ApiError that says what is wrong. Unknown members are ignored, as Dodo does. */
export function newSession(body: Body, catalogue: Catalogue, now: Date): Session {
  const cart = readCart(body.product_cart, catalogue);
  const customer = readCustomer(body.customer);
  const confirmed = body.confirm === true;
  if (confirmed && (customer === null || !isObject(body.billing_address))) {
    throw invalid("confirm needs customer and billing_address");
  }
  return {
    session_id: newId("cks"),
    created_at: now.toISOString(),
    expires_at: new Date(now.getTime() + (confirmed ? CONFIRMED_MS : DAY_MS)).toISOString(),
    product_cart: cart.map(({ product, quantity }) => ({ product_id: product.product_id, quantity })),
    amount: cart.reduce((sum, { amount, quantity }) => sum + amount * quantity, 0),
    currency: cart[0]?.product.price.currency ?? "INR",
    customer,
    billing: readBilling(body.billing_address),
    metadata: readMetadata(body.metadata),
    return_url: readUrl(body.return_url, "return_url"),
    cancel_url: readUrl(body.cancel_url, "cancel_url"),
    payment_ids: [],
  };
}

export function readMetadata(value: unknown): Metadata {
  if (value === undefined || value === null) return {};
  if (!isObject(value) || Object.values(value).some((each) => typeof each !== "string")) {
    throw invalid("metadata must be an object of strings");
  }
  return value as Metadata;
}

function readCart(value: unknown, catalogue: Catalogue) {
  if (!Array.isArray(value) || value.length === 0 || value.length > MAX_CART) {
    throw invalid(`product_cart must have 1 to ${MAX_CART} items`);
  }
  return value.map((item) => {
    if (!isObject(item) || typeof item.product_id !== "string")
      throw invalid("an item of product_cart needs a product_id");
    const { product_id, quantity } = item;
    if (!Number.isSafeInteger(quantity) || (quantity as number) < 1)
      throw invalid("quantity must be a whole number from 1");
    const product = catalogue.get(product_id);
    if (!product) throw notFound(`Product ${product_id}`);
    return {
      product,
      quantity: quantity as number,
      amount: readAmount(item.amount, product.price as DodoPayments.Price.OneTimePrice),
    };
  });
}

/** The price, unless the payer may choose: then the amount, of which the price is the minimum. */
function readAmount(amount: unknown, price: DodoPayments.Price.OneTimePrice): number {
  const given = amount !== undefined && amount !== null;
  if (given && !(Number.isSafeInteger(amount) && (amount as number) >= 0))
    throw invalid("amount must be in minor units");
  if (!price.pay_what_you_want) return price.price;
  if (!given) throw new ApiError(422, "PAY_AS_YOU_WANT_AMOUNT_REQUIRED", "A pay-what-you-want product needs an amount");
  if ((amount as number) < price.price) {
    throw new ApiError(422, "REQUEST_AMOUNT_BELOW_MINIMUM", `The amount must be at least ${price.price}`);
  }
  return amount as number;
}

function readCustomer(value: unknown): DodoPayments.CustomerLimitedDetails | null {
  if (value === undefined || value === null) return null;
  if (!isObject(value)) throw invalid("customer must be an object");
  const { customer_id, email, name, phone_number } = value;
  for (const [member, text] of Object.entries({ customer_id, email, name, phone_number })) {
    if (text !== undefined && text !== null && typeof text !== "string")
      throw invalid(`customer.${member} must be a text`);
  }
  if (typeof customer_id !== "string" && !(typeof email === "string" && /^\S+@\S+$/.test(email))) {
    throw invalid("customer needs a customer_id or an email");
  }
  return {
    customer_id: (customer_id as string | undefined) ?? newId("cus"),
    email: (email as string | undefined) ?? "known@customer.example",
    name: (name as string | undefined) ?? "",
    phone_number: (phone_number as string | undefined) ?? null,
    metadata: {},
  };
}

function readBilling(value: unknown): DodoPayments.BillingAddress {
  if (value === undefined || value === null) return { country: "IN" };
  if (!isObject(value) || typeof value.country !== "string" || !/^[A-Z]{2}$/.test(value.country)) {
    throw invalid("billing_address needs a country of two letters");
  }
  return value as unknown as DodoPayments.BillingAddress;
}

function readUrl(value: unknown, member: string): string | null {
  if (value === undefined || value === null) return null;
  if (typeof value !== "string" || !URL.canParse(value) || !/^https?:$/.test(new URL(value).protocol)) {
    throw invalid(`${member} must be an http or https address`);
  }
  return value;
}
