/** Dodo's API: who may call it, how often, and what it answers. */

import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import type DodoPayments from "dodopayments";
import { newSession } from "./checkouts.ts";
import { ApiError, notFound, parseObject, readBody, sendJson } from "./http.ts";
import { listPayments } from "./listing.ts";
import { newId } from "./records.ts";
import type { Sandbox } from "./sandbox.ts";
import { paymentView, sessionView } from "./views.ts";

/** Whether the path belongs to the API. */
export const isApi = (path: string): boolean => /^\/(checkouts|products|payments|refunds)(\/|$)/.test(path);

/** Answers a call, with the fault that a switch asks for. An ApiError is thrown for what is refused. */
export async function serveApi(
  sandbox: Sandbox,
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
): Promise<void> {
  const method = request.method ?? "GET";
  const body = await readBody(request);
  if (!isBearer(request.headers.authorization, sandbox.options.apiKey)) {
    throw new ApiError(401, "UNAUTHORIZED", "The API key is missing or wrong");
  }
  if (sandbox.switches.rate_limit) {
    const { allowed, remaining } = sandbox.limiter.take(Date.now());
    response.setHeader("x-ratelimit-remaining", remaining);
    if (!allowed) throw new ApiError(429, "TOO_MANY_REQUESTS", "There are too many calls; wait a little");
  }
  const fault = sandbox.faults.strike(method, path);
  if (fault?.delay_ms) await pause(fault.delay_ms, undefined, { ref: false });
  if (fault?.cut === "before") return void request.socket.destroy();
  if (fault?.status) {
    if (fault.body === null) throw new ApiError(fault.status, fault.code, fault.message);
    return void response.writeHead(fault.status, { "content-type": "application/json" }).end(fault.body);
  }
  const query = new URLSearchParams((request.url ?? "").split("?")[1] ?? "");
  const answer = call(sandbox, method, path, query, body);
  if (fault?.answer_delay_ms) await pause(fault.answer_delay_ms, undefined, { ref: false });
  if (fault?.cut === "after") return void request.socket.destroy();
  sendJson(response, 200, answer);
}

function call(sandbox: Sandbox, method: string, path: string, query: URLSearchParams, body: string): unknown {
  const [, collection, id, more] = path.split("/");
  if (more !== undefined) throw notFound(path);
  const endpoint = `${method} /${collection}${id ? "/{id}" : ""}`;
  switch (endpoint) {
    case "POST /checkouts":
      return createCheckout(sandbox, parseObject(body));
    case "GET /checkouts/{id}":
      return sessionView(known(sandbox.books.sessions, id, "Checkout session"), sandbox.books);
    case "GET /products/{id}":
      return known(sandbox.products, id, "Product");
    case "GET /payments":
      return listPayments(sandbox.books.payments.values(), query);
    case "GET /payments/{id}":
      return paymentView(known(sandbox.books.payments, id, "Payment"), sandbox.books, sandbox.switches);
    case "POST /refunds":
      return sandbox.refunds.create(parseObject(body));
    case "GET /refunds/{id}":
      return known(sandbox.books.refunds, id, "Refund");
    default:
      throw new ApiError(405, "METHOD_NOT_ALLOWED", `The sandbox has no ${endpoint}`);
  }
}

function createCheckout(sandbox: Sandbox, body: Record<string, unknown>): DodoPayments.CheckoutSessionResponse {
  const session = newSession(body, sandbox.products, new Date());
  sandbox.books.put("session", session);
  const payment = body.confirm === true ? sandbox.payments.open(session) : null;
  return {
    session_id: session.session_id,
    checkout_url: `${sandbox.options.publicUrl}/session/${session.session_id}`,
    payment_id: payment?.payment_id ?? null,
    client_secret: payment && newId("pi"),
    publishable_key: payment && newId("sk"),
  };
}

/** The record, or a 404. */
export function known<Record>(records: Map<string, Record>, id: string | undefined, what: string): Record {
  const found = records.get(id ?? "");
  if (!found) throw notFound(`${what} ${id}`);
  return found;
}

function isBearer(header: string | undefined, key: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(header ?? ""), digest(`Bearer ${key}`));
}
