/** A sandbox, the official SDK on it, and a receiver of its webhooks. */

import assert from "node:assert/strict";
import http from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import type { TestContext } from "node:test";
import type { Delivery, Payment, Refund, Session } from "../../sandbox/records.ts";
import { type Running, start } from "../../sandbox/server.ts";

// npm's packages of all tools are in tools/node.
const require = createRequire(new URL("../../tools/node/package.json", import.meta.url));
export const { DodoPayments } = require("dodopayments") as typeof import("dodopayments");
export const { Webhook } = require("standardwebhooks") as typeof import("standardwebhooks");

export const SUCCEEDS = "4242424242424242";
export const DECLINES = "4000000000000002";
export const PROCESSES = "4000000000003220";
export const SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
export const KEY = "sk_of_the_tests";

export interface Received {
  headers: Record<string, string>;
  body: string;
  /** The parsed body. */
  event: { type: string; data: Record<string, unknown> };
}

/** Takes webhooks and answers them with the statuses given, the last one for ever; with 0 it does not answer. */
export class Receiver {
  readonly received: Received[] = [];
  statuses: number[] = [200];
  readonly #server = http.createServer((request, response) => void this.#take(request, response));

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/webhook`;
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  /** The types in the order in which they came, once there are so many. */
  async types(count: number): Promise<string[]> {
    await until(() => this.received.length >= count);
    return this.received.map(({ event }) => event.type);
  }

  async #take(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    let body = "";
    for await (const part of request) body += part;
    const status = this.statuses.length > 1 ? this.statuses.shift() : this.statuses[0];
    this.received.push({ headers: request.headers as Record<string, string>, body, event: JSON.parse(body) });
    if (status) response.writeHead(status).end();
  }
}

export async function until(condition: () => unknown): Promise<void> {
  const giveUp = Date.now() + 5_000;
  while (!(await condition())) {
    assert.ok(Date.now() < giveUp, `not within 5 s: ${condition}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

interface All {
  sessions: Session[];
  payments: Payment[];
  refunds: Refund[];
  deliveries: Delivery[];
}

/** What a test has: the sandbox, ready to be sold from, and what it sends. */
export class Bench {
  readonly running: Running;
  readonly receiver: Receiver;
  readonly client: InstanceType<typeof DodoPayments>;

  constructor(running: Running, receiver: Receiver) {
    this.running = running;
    this.receiver = receiver;
    this.client = new DodoPayments({ bearerToken: KEY, baseURL: running.url, maxRetries: 0, webhookKey: SECRET });
  }

  /** A call below /sandbox/; it must succeed. */
  async control<Answer = Record<string, unknown>>(method: string, path: string, body?: unknown): Promise<Answer> {
    const answer = await fetch(`${this.running.url}/sandbox/${path}`, {
      method,
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const text = await answer.text();
    assert.equal(answer.status, 200, text);
    return JSON.parse(text);
  }

  turn(switches: object): Promise<unknown> {
    return this.control("PATCH", "switches", switches);
  }

  books(): Promise<All> {
    return this.control<All>("GET", "books");
  }

  /** A new session of this amount; the answer of the SDK. */
  checkout(amount = 123_450, more: object = {}) {
    const product_cart = [{ product_id: this.running.settings.TICKETSHOW_DODO_PRODUCT_ID ?? "", quantity: 1, amount }];
    return this.client.checkoutSessions.create({
      product_cart,
      return_url: "https://cinema.example/paid?booking=7",
      ...more,
    });
  }

  /** A session that was paid with this card; the payment's id. */
  async paid(amount = 123_450, card = SUCCEEDS): Promise<string> {
    const { session_id } = await this.checkout(amount);
    return (await this.pay(session_id, card)).payment_id;
  }

  pay(sessionId: string, card = SUCCEEDS): Promise<Payment> {
    return this.control<Payment>("POST", `sessions/${sessionId}/pay`, { card });
  }

  refund(paymentId: string, more: object = {}) {
    return this.client.refunds.create({ payment_id: paymentId, ...more });
  }
}

/** One for this test, without a limit of rate, which has a test of its own. */
export async function bench(t: TestContext): Promise<Bench> {
  const receiver = new Receiver();
  const webhookUrl = await receiver.listen();
  const options = {
    apiKey: KEY,
    webhookUrl,
    webhookSecrets: [SECRET],
    merchant: "The Lighthouse",
    currency: "INR",
    file: null,
  } as const;
  const made = new Bench(await start(0, options), receiver);
  t.after(async () => {
    await made.running.close();
    receiver.close();
  });
  await made.turn({ rate_limit: false });
  return made;
}

/** The call is refused with this status and code, in the documented form. */
export async function refused(call: PromiseLike<unknown>, status: number, code: string): Promise<void> {
  await assert.rejects(Promise.resolve(call), (error: unknown) => {
    assert.ok(error instanceof DodoPayments.APIError, String(error));
    assert.equal(error.status, status);
    assert.deepEqual(Object.keys(error.error as object), ["code", "message"]);
    assert.equal((error.error as { code: string }).code, code);
    return true;
  });
}
