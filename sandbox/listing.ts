/** GET /payments: which payments a list shows, and in what order. Pure. */

import type DodoPayments from "dodopayments";
import { ApiError } from "./http.ts";
import { PAYMENT_STATUSES, type Payment } from "./records.ts";
import { paymentItem } from "./views.ts";

const DEFAULT_SIZE = 10;
const MAX_SIZE = 100;
const KNOWN = ["created_at_gte", "created_at_lte", "status", "page_size", "page_number"];

/** The part that the query asks for, the newest first, as Dodo's documentation has it: at most 100, pages from 0. */
export function listPayments(
  payments: Iterable<Payment>,
  query: URLSearchParams,
): { items: DodoPayments.PaymentListResponse[] } {
  for (const name of query.keys()) {
    if (!KNOWN.includes(name)) throw refusal(`The sandbox cannot filter by ${name}`);
  }
  const from = readTime(query, "created_at_gte") ?? Number.NEGATIVE_INFINITY;
  const to = readTime(query, "created_at_lte") ?? Number.POSITIVE_INFINITY;
  const status = query.get("status");
  if (status !== null && !PAYMENT_STATUSES.some((each) => each === status)) throw refusal(`There is no ${status}`);
  const size = readNumber(query, "page_size", DEFAULT_SIZE);
  if (size > MAX_SIZE) throw refusal(`page_size is at most ${MAX_SIZE}`);
  const begin = readNumber(query, "page_number", 0) * size;
  const found = [...payments].filter((each) => {
    const created = Date.parse(each.created_at);
    return created >= from && created <= to && (status === null || each.status === status);
  });
  return {
    items: found
      .reverse()
      .slice(begin, begin + size)
      .map(paymentItem),
  };
}

function readTime(query: URLSearchParams, name: string): number | null {
  const text = query.get(name);
  if (text === null) return null;
  const time = Date.parse(text);
  if (Number.isNaN(time) || !/^\d{4}-\d\d-\d\dT/.test(text)) throw refusal(`${name} must be a time`);
  return time;
}

function readNumber(query: URLSearchParams, name: string, absent: number): number {
  const text = query.get(name);
  if (text === null) return absent;
  if (!/^\d{1,9}$/.test(text)) throw refusal(`${name} must be a whole number from 0`);
  return Number(text);
}

const refusal = (message: string): ApiError => new ApiError(400, "INVALID_QUERY_PARAMS", message);
