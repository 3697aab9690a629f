/** The switches' HTTP API below /sandbox/, for the tests and for whoever sits at this machine. README.md lists it. */

import type { IncomingMessage, ServerResponse } from "node:http";
import { known } from "./api.ts";
import { CARDS } from "./cards.ts";
import { ApiError, parseObject, readBody, sendJson } from "./http.ts";
import { type Currency, PAYMENT_STATUSES, type PaymentStatus, type RefundStatus } from "./records.ts";
import type { Sandbox } from "./sandbox.ts";
import {
  type Check,
  checkMembers,
  isAmount,
  isCorruption,
  isMembers,
  isNullOr,
  isOneOf,
  isText,
  isUrl,
  turn,
} from "./switches.ts";
import type { ByHand } from "./webhooks.ts";

type Given = Record<string, unknown>;
type Action = (sandbox: Sandbox, id: string, given: Given, others: Others) => unknown;

/** Further sandboxes in the same process, in memory, each with its own address, secrets, switches and books. */
export interface Others {
  /** Its settings, as in Running. */
  begin(webhookUrl: string | null): Promise<Record<string, string>>;
  /** The port is the last part of its address. Nothing happens when it has ended already. */
  end(port: string): Promise<void>;
}

const MEMBERS: Record<string, Record<string, Check>> = {
  pay: { card: isOneOf(...CARDS.map(({ number }) => number)) },
  capture: { amount: isAmount, currency: (value) => /^[A-Z]{3}$/.test(String(value)) },
  settlePayment: { status: isOneOf(...PAYMENT_STATUSES) },
  settleRefund: { status: isOneOf("succeeded", "failed") },
  send: { type: isText, data: isMembers, webhook_id: isText, body: isText, corrupt: isNullOr(isCorruption) },
  others: { webhook_url: isNullOr(isUrl) },
  release: { order: isOneOf("kept", "reversed") },
};

/** What is given, after a check of its members. */
function members(given: Given, name: string): Given {
  checkMembers(given, MEMBERS[name] ?? {});
  return given;
}

const session = (sandbox: Sandbox, id: string) => known(sandbox.books.sessions, id, "Checkout session");
const payment = (sandbox: Sandbox, id: string) => known(sandbox.books.payments, id, "Payment");
const refund = (sandbox: Sandbox, id: string) => known(sandbox.books.refunds, id, "Refund");

const ACTIONS: Record<string, Action> = {
  "GET health": () => ({ ok: true }),
  "GET books": ({ books }) => books.all(),
  "GET switches": ({ switches }) => switches,
  "PATCH switches": ({ switches }, _, given) => {
    turn(switches, given);
    return switches;
  },
  "DELETE switches": (sandbox) => {
    sandbox.resetSwitches();
    return sandbox.switches;
  },
  "GET faults": ({ faults }) => faults.all(),
  "POST faults": ({ faults }, _, given) => faults.add(given),
  "DELETE faults": ({ faults }) => {
    faults.clear();
    return faults.all();
  },
  "POST reset": (sandbox) => {
    sandbox.reset();
    return {};
  },
  "POST others": (_, __, given, others) =>
    others.begin((members(given, "others").webhook_url as string | undefined) ?? null),
  "POST others/{id}/end": async (_, port, __, others) => {
    await others.end(port);
    return {};
  },
  "POST sessions/{id}/pay": (sandbox, id, given) => {
    const number = members(given, "pay").card ?? CARDS[0]?.number;
    const card = CARDS.find((each) => each.number === number);
    if (!card) throw new ApiError(400, "BAD_SWITCH", "There is no such card");
    return sandbox.payments.pay(session(sandbox, id), { ...card, name: "A Tester" });
  },
  "POST sessions/{id}/capture": (sandbox, id, given) => {
    const { amount, currency } = members(given, "capture");
    const of = session(sandbox, id);
    return sandbox.payments.capture(of, (amount as number) ?? of.amount, (currency as Currency) ?? of.currency);
  },
  "POST sessions/{id}/expire": (sandbox, id) => {
    sandbox.payments.expire(session(sandbox, id));
    return session(sandbox, id);
  },
  "POST payments/{id}/settle": (sandbox, id, given) => {
    const { status = "succeeded" } = members(given, "settlePayment");
    sandbox.payments.settle(payment(sandbox, id), status as PaymentStatus);
    return payment(sandbox, id);
  },
  "POST refunds/{id}/settle": (sandbox, id, given) => {
    const { status = "succeeded" } = members(given, "settleRefund");
    sandbox.refunds.settle(refund(sandbox, id), status as RefundStatus);
    return refund(sandbox, id);
  },
  "POST webhooks": ({ webhooks }, _, given) => {
    if (members(given, "send").type === undefined) throw new ApiError(400, "BAD_SWITCH", 'A webhook needs a "type"');
    return webhooks.send(given as unknown as ByHand);
  },
  "POST webhooks/{id}/resend": ({ webhooks }, id) => webhooks.resend(id),
  "POST webhooks/release": ({ webhooks }, _, given) =>
    webhooks.release((members(given, "release").order as "kept" | "reversed") ?? "kept"),
};

/** Answers a call of a path below /sandbox/ from this machine itself; anybody else gets a 403. */
export async function serveControl(
  sandbox: Sandbox,
  others: Others,
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
): Promise<void> {
  const given = await readBody(request);
  if (!isLocal(request)) throw new ApiError(403, "FORBIDDEN", "The switches are for this machine alone");
  const method = request.method ?? "GET";
  const word = path.slice("/sandbox/".length);
  const [collection, id = "", verb] = word.split("/");
  const action = ACTIONS[`${method} ${word}`] ?? ACTIONS[`${method} ${collection}/{id}/${verb}`];
  if (!action) throw new ApiError(404, "NOT_FOUND", `There is no ${method} ${path}`);
  sendJson(response, 200, await action(sandbox, id, parseObject(given), others));
}

/**
 * Whether a process of this machine calls, under a name of this machine, and no web page: a page from elsewhere that is open in
 * a browser here could reach the address too.
 */
function isLocal(request: IncomingMessage): boolean {
  const address = request.socket.remoteAddress ?? "";
  const host = (request.headers.host ?? "").replace(/:\d+$/, "");
  return (
    /^(::ffff:)?127\.|^::1$/.test(address) &&
    ["localhost", "127.0.0.1", "[::1]"].includes(host) &&
    request.headers.origin === undefined &&
    request.headers["x-forwarded-for"] === undefined
  );
}
