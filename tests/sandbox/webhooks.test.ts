/** Webhooks: their form and signature, their retries, and each switch that disturbs them. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { sign } from "../../sandbox/signature.ts";
import { type Bench, bench, DECLINES, PROCESSES, type Received, SECRET, until, Webhook } from "./support.ts";

/** Throws unless the signature is good. */
const verify = ({ body, headers }: Received) => new Webhook(SECRET).verify(body, headers);

async function deliveries(at: Bench) {
  return (await at.books()).deliveries;
}

test("the signature is that of the specification's test vector", () => {
  const id = "msg_p5jXN8AQM9LWM0D4loKWxJek";
  const good = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
  assert.equal(sign(["MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"], id, 1_614_265_330, '{"test": 2432232314}'), good);
  assert.equal(
    sign([SECRET, SECRET], id, 1_614_265_330, '{"test": 2432232314}'),
    `${good} ${good}`,
    "each of several secrets",
  );
});

test("each state of payments and refunds is announced, signed and in the documented form", async (t) => {
  const at = await bench(t);
  const paid = await at.paid();
  await at.refund(paid);
  await at.turn({ refunds: "failed" });
  await at.refund(await at.paid());
  await at.paid(1_000, DECLINES);
  const waiting = await at.paid(1_000, PROCESSES);
  await at.control("POST", `payments/${waiting}/settle`, { status: "cancelled" });
  await at.receiver.types(7);
  for (const received of at.receiver.received) {
    verify(received);
    assert.match(received.headers["webhook-id"] ?? "", /^msg_\w+$/);
    const event = at.client.webhooks.unwrap(received.body, { headers: received.headers });
    assert.deepEqual(Object.keys(event), ["business_id", "type", "timestamp", "data"]);
    const [kind] = event.type.split(".");
    assert.equal(received.event.data.payload_type, kind === "payment" ? "Payment" : "Refund");
    if (event.type === "refund.succeeded") assert.equal(event.data.payment_id, paid);
  }
  assert.deepEqual(at.receiver.received.map(({ event }) => event.type).sort(), [
    ...["payment.cancelled", "payment.failed", "payment.processing", "payment.succeeded", "payment.succeeded"],
    ...["refund.failed", "refund.succeeded"],
  ]);
});

test("what is not taken comes eight times more, after the documented waits", async (t) => {
  const at = await bench(t);
  at.receiver.statuses = [500];
  await at.paid();
  await until(async () => (await deliveries(at))[0]?.attempts.length === 2); // the first retry comes at once
  const [waiting] = await deliveries(at);
  const last = waiting?.attempts[1];
  const wait = Date.parse(waiting?.next_attempt_at ?? "") - Date.parse(last?.at ?? "") - (last?.duration_ms ?? 0);
  assert.ok(wait >= 5_000 && wait < 10_000, `the second after 5 s, not ${wait} ms`);
  await at.turn({ webhooks: { retry_scale: 0 } });
  await at.control("POST", `webhooks/${waiting?.webhook_id}/resend`);
  await until(async () => (await deliveries(at))[0]?.state === "failed");
  assert.equal((await deliveries(at))[0]?.attempts.length, 9);
  assert.equal(new Set(at.receiver.received.map(({ headers }) => headers["webhook-id"])).size, 1);
});

test("a retry that is taken ends it, and says how things are by then", async (t) => {
  const at = await bench(t);
  await at.turn({ webhooks: { retry_scale: 0.01 } });
  at.receiver.statuses = [503, 302, 204];
  const waiting = await at.paid(1_000, PROCESSES);
  await at.control("POST", `payments/${waiting}/settle`);
  await until(async () => (await deliveries(at)).every(({ state }) => state === "delivered"));
  const last = at.receiver.received.filter(({ event }) => event.type === "payment.processing").at(-1);
  assert.equal(last?.event.data.status, "succeeded");
});

test("a receiver that does not answer in time is asked again", async (t) => {
  const at = await bench(t);
  await at.turn({ webhooks: { timeout_ms: 30, retry_scale: 0 } });
  at.receiver.statuses = [0];
  await at.paid();
  await until(async () => (await deliveries(at))[0]?.state === "failed");
  const [delivery] = await deliveries(at);
  assert.deepEqual([delivery?.attempts[0]?.status, delivery?.attempts[0]?.error], [null, "no answer in 30 ms"]);
});

test("copies: the same webhook comes several times", async (t) => {
  const at = await bench(t);
  await at.turn({ webhooks: { copies: 3 } });
  await at.paid();
  await at.receiver.types(3);
  assert.equal(new Set(at.receiver.received.map(({ headers, body }) => headers["webhook-id"] + body)).size, 1);
  await until(async () => (await deliveries(at))[0]?.state === "delivered");
});

test("delay_ms: it comes later", async (t) => {
  const at = await bench(t);
  await at.turn({ webhooks: { delay_ms: 3_600_000, times: 1 } });
  await at.paid();
  await at.paid();
  await at.receiver.types(1);
  const [late, soon] = await deliveries(at);
  assert.ok(Date.parse(late?.next_attempt_at ?? "") > Date.now() + 3_500_000);
  assert.deepEqual([late?.state, late?.attempts, soon?.next_attempt_at], ["pending", [], null]);
  await at.turn({ webhooks: { delay_ms: 50, times: 1 } });
  await at.paid();
  await at.receiver.types(2);
});

test("hold and release: the order is turned round", async (t) => {
  const at = await bench(t);
  await at.turn({ webhooks: { hold: true } });
  await at.refund(await at.paid());
  await at.paid(1_000, DECLINES);
  assert.deepEqual(at.receiver.received, []);
  await at.control("POST", "webhooks/release", { order: "reversed" });
  assert.deepEqual(await at.receiver.types(3), ["payment.failed", "refund.succeeded", "payment.succeeded"]);
});

test("drop: it never comes, until it is sent again by hand", async (t) => {
  const at = await bench(t);
  await at.turn({ webhooks: { drop: true } });
  await at.paid();
  const [delivery] = await deliveries(at);
  assert.deepEqual([delivery?.state, delivery?.next_attempt_at, at.receiver.received.length], ["dropped", null, 0]);
  await at.control("POST", `webhooks/${delivery?.webhook_id}/resend`);
  assert.deepEqual(await at.receiver.types(1), ["payment.succeeded"]);
});

for (const corrupt of ["signature", "timestamp", "body"]) {
  test(`corrupt ${corrupt}: a receiver that verifies refuses it`, async (t) => {
    const at = await bench(t);
    await at.turn({ webhooks: { corrupt } });
    await at.paid();
    await at.receiver.types(1);
    const [received] = at.receiver.received as [Received];
    assert.throws(() => verify(received), corrupt === "timestamp" ? /timestamp too old/i : /no matching signature/i);
    const [delivery] = await deliveries(at);
    await at.control("POST", `webhooks/${delivery?.webhook_id}/resend`);
    verify(at.receiver.received[1] as Received);
  });
}

test("only and times: which webhooks are disturbed, and how many", async (t) => {
  const at = await bench(t);
  await at.turn({ webhooks: { drop: true, only: ["refund.succeeded"], times: 1 } });
  await at.refund(await at.paid());
  await at.refund(await at.paid());
  const dropped = (await deliveries(at)).filter(({ state }) => state === "dropped");
  assert.deepEqual(
    dropped.map(({ type }) => type),
    ["refund.succeeded"],
  );
  await at.receiver.types(3);
});

test("any webhook is sent by hand: unknown types, ids seen before, bodies that are none", async (t) => {
  const at = await bench(t);
  const send = (what: object) => at.control<{ webhook_id: string; state: string }>("POST", "webhooks", what);
  const dispute = await send({ type: "dispute.cancelled", data: { payload_type: "Dispute", payment_id: "pay_1" } });
  assert.equal(dispute.state, "delivered", "when the call is answered the attempt has ended");
  await send({ type: "comet.sighted", webhook_id: dispute.webhook_id });
  await send({ type: "payment.succeeded", body: '{"type": 5}' });
  at.receiver.received.forEach(verify);
  const [first, second, third] = at.receiver.received as [Received, Received, Received];
  assert.deepEqual([first.event.type, first.event.data.payment_id], ["dispute.cancelled", "pay_1"]);
  assert.deepEqual([second.event.type, second.headers["webhook-id"]], ["comet.sighted", dispute.webhook_id]);
  assert.equal(third.body, '{"type": 5}');
  await send({ type: "payment.succeeded", corrupt: "signature" });
  assert.throws(() => verify(at.receiver.received[3] as Received));
});

test("url: they go somewhere else, or nowhere", async (t) => {
  const at = await bench(t);
  const url = (await at.control<{ webhooks: { url: string } }>("GET", "switches")).webhooks.url;
  await at.turn({ webhooks: { url: null } });
  await at.paid();
  await until(async () => (await deliveries(at))[0]?.state === "dropped");
  await at.turn({ webhooks: { url: `${url}?moved` } });
  await at.paid();
  await at.receiver.types(1);
});
