/** The switches beyond webhooks: faulty calls, refunds and payments that go on later, captures nobody asked for. */

import assert from "node:assert/strict";
import http from "node:http";
import os from "node:os";
import { test } from "node:test";
import { PAYMENT_STATUSES } from "../../sandbox/records.ts";
import { bench, DECLINES, DodoPayments, KEY, PROCESSES, refused, until } from "./support.ts";

test("status: calls of a path fail as often as said, and are not done", async (t) => {
  const at = await bench(t);
  const payment_id = await at.paid();
  await at.control("POST", "faults", {
    method: "POST",
    path: "/refunds",
    status: 422,
    code: "REFUND_WINDOW_EXPIRED",
    times: 2,
  });
  await refused(at.refund(payment_id), 422, "REFUND_WINDOW_EXPIRED");
  await refused(at.client.refunds.retrieve("ref_unknown"), 404, "NOT_FOUND");
  await refused(at.refund(payment_id), 422, "REFUND_WINDOW_EXPIRED");
  assert.deepEqual((await at.books()).refunds, []);
  assert.equal((await at.refund(payment_id)).status, "succeeded");
});

test("a fault can be of all paths below one, last, and answer what is no JSON", async (t) => {
  const at = await bench(t);
  await at.control("POST", "faults", {
    path: "/payments/*",
    status: 502,
    body: "<html>Bad Gateway</html>",
    times: null,
  });
  for (const id of ["pay_1", "pay_2", "pay_3"]) {
    await assert.rejects(
      at.client.payments.retrieve(id),
      (error) => error instanceof DodoPayments.APIError && error.status === 502,
    );
  }
  await at.control("DELETE", "faults");
  await refused(at.client.payments.retrieve("pay_1"), 404, "NOT_FOUND");
});

for (const [fault, done] of [
  ["delay_ms", 0],
  ["answer_delay_ms", 1],
] as const) {
  test(`${fault}: whoever does not wait for the answer finds it ${done ? "done" : "not done yet"}`, async (t) => {
    const at = await bench(t);
    const payment_id = await at.paid();
    await at.control("POST", "faults", { path: "/refunds", [fault]: 600_000 });
    const impatience = new AbortController();
    const answer = at.client.refunds.create({ payment_id }, { signal: impatience.signal });
    await until(async () => (await at.control<object[]>("GET", "faults")).length === 0);
    impatience.abort();
    await assert.rejects(Promise.resolve(answer), DodoPayments.APIUserAbortError);
    assert.equal((await at.books()).refunds.length, done);
  });
}

test("cut: the caller is not answered, whether it was done or not", async (t) => {
  const at = await bench(t);
  const payment_id = await at.paid();
  await at.control("POST", "faults", { path: "/refunds", cut: "before" });
  await assert.rejects(Promise.resolve(at.refund(payment_id)), DodoPayments.APIConnectionError);
  assert.deepEqual((await at.books()).refunds, []);
  await at.control("POST", "faults", { path: "/refunds", cut: "after" });
  await assert.rejects(
    Promise.resolve(at.refund(payment_id, { metadata: { key: "r-1" } })),
    DodoPayments.APIConnectionError,
  );
  const [refund] = (await at.client.payments.retrieve(payment_id)).refunds;
  assert.equal((await at.client.refunds.retrieve(refund?.refund_id ?? "")).metadata.key, "r-1");
  assert.deepEqual(await at.receiver.types(2), ["payment.succeeded", "refund.succeeded"]);
});

for (const status of ["pending", "review"]) {
  test(`refunds ${status}: it is settled later, either way, once`, async (t) => {
    const at = await bench(t);
    await at.turn({ refunds: status });
    const payment_id = await at.paid(1_000);
    const refund = await at.refund(payment_id);
    assert.equal(refund.status, status);
    await refused(at.refund(payment_id), 409, "PAYMENT_ALREADY_REFUNDED");
    await at.control("POST", `refunds/${refund.refund_id}/settle`, { status: "failed" });
    const again = await at.refund(payment_id);
    await at.control("POST", `refunds/${again.refund_id}/settle`);
    assert.equal((await at.client.refunds.retrieve(again.refund_id)).status, "succeeded");
    assert.deepEqual((await at.receiver.types(3)).sort(), ["payment.succeeded", "refund.failed", "refund.succeeded"]);
    const twice = await fetch(`${at.running.url}/sandbox/refunds/${again.refund_id}/settle`, { method: "POST" });
    assert.equal(twice.status, 409);
  });
}

test("refunds failed: the answer says so, and the money is still there to be refunded", async (t) => {
  const at = await bench(t);
  await at.turn({ refunds: "failed" });
  const payment_id = await at.paid();
  assert.equal((await at.refund(payment_id)).status, "failed");
  assert.equal((await at.client.payments.retrieve(payment_id)).refund_status, null);
  await at.turn({ refunds: "succeeded" });
  assert.equal((await at.refund(payment_id)).status, "succeeded");
});

for (const status of ["succeeded", "failed", "cancelled"]) {
  test(`a payment in process ends ${status}, once`, async (t) => {
    const at = await bench(t);
    const payment_id = await at.paid(1_000, PROCESSES);
    await at.control("POST", `payments/${payment_id}/settle`, { status });
    assert.equal((await at.client.payments.retrieve(payment_id)).status, status);
    assert.deepEqual((await at.receiver.types(2)).sort(), [`payment.${status}`, "payment.processing"].sort());
    const twice = await fetch(`${at.running.url}/sandbox/payments/${payment_id}/settle`, { method: "POST" });
    assert.equal(twice.status, 409);
  });
}

test("a payment can be in any of the documented states, of which only four are announced", async (t) => {
  const at = await bench(t);
  const payment_id = await at.paid(1_000, PROCESSES);
  const quiet = PAYMENT_STATUSES.filter((each) => !["succeeded", "failed", "cancelled", "processing"].includes(each));
  for (const status of [...quiet, "succeeded"]) {
    await at.control("POST", `payments/${payment_id}/settle`, { status });
    assert.equal((await at.client.payments.retrieve(payment_id)).status, status);
  }
  assert.deepEqual(
    (await at.books()).deliveries.map(({ type }) => type),
    ["payment.processing", "payment.succeeded"],
  );
});

test("capture_amount: the card is charged another amount", async (t) => {
  const at = await bench(t);
  await at.turn({ capture_amount: 1 });
  assert.equal((await at.client.payments.retrieve(await at.paid(123_450))).total_amount, 1);
});

test("second_capture: the page takes a paid session's card again", async (t) => {
  const at = await bench(t);
  const { session_id, checkout_url } = await at.checkout(1_000);
  await at.pay(session_id);
  const form = () => new URLSearchParams({ number: "4242424242424242", expiry: "12/34", cvc: "123", name: "Ann" });
  assert.equal((await fetch(checkout_url ?? "", { method: "POST", body: form(), redirect: "manual" })).status, 409);
  await at.turn({ second_capture: true });
  assert.equal((await fetch(checkout_url ?? "", { method: "POST", body: form(), redirect: "manual" })).status, 303);
  const payments = (await at.books()).payments;
  assert.deepEqual(
    payments.map(({ status, checkout_session_id }) => [status, checkout_session_id]),
    [
      ["succeeded", session_id],
      ["succeeded", session_id],
    ],
  );
  assert.equal((await at.client.checkoutSessions.retrieve(session_id)).payment_id, payments[1]?.payment_id);
});

test("capture: a session is charged although it has expired, any amount", async (t) => {
  const at = await bench(t);
  const { session_id } = await at.checkout(1_000);
  await at.control("POST", `sessions/${session_id}/expire`);
  await at.control("POST", `sessions/${session_id}/capture`);
  await at.control("POST", `sessions/${session_id}/capture`, { amount: 999, currency: "USD" });
  const charged = (await at.books()).payments.map(({ total_amount, currency, status }) => [
    total_amount,
    currency,
    status,
  ]);
  assert.deepEqual(charged, [
    [1_000, "INR", "succeeded"],
    [999, "USD", "succeeded"],
  ]);
  await at.receiver.types(2);
});

test("expire: what a session began is cancelled", async (t) => {
  const at = await bench(t);
  const confirm = { confirm: true, customer: { email: "a@b.example" }, billing_address: { country: "IN" } };
  const { session_id, payment_id } = await at.checkout(1_000, confirm);
  await at.control("POST", `sessions/${session_id}/expire`);
  assert.equal((await at.client.payments.retrieve(payment_id ?? "")).status, "cancelled");
  assert.deepEqual(await at.receiver.types(1), ["payment.cancelled"]);
});

test("books: everything is listed, and reset forgets it and turns all back", async (t) => {
  const at = await bench(t);
  const initial = await at.control("DELETE", "switches");
  await at.turn({ refunds: "review", webhooks: { copies: 2, hold: true } });
  await at.refund(await at.paid());
  await at.paid(1_000, DECLINES);
  await at.control("POST", "faults", { path: "/refunds" });
  const books = await at.books();
  assert.deepEqual(
    [books.sessions.length, books.payments.length, books.refunds.length, books.deliveries.length],
    [2, 2, 1, 2],
  );
  await at.control("POST", "reset");
  assert.deepEqual(await at.books(), { sessions: [], payments: [], refunds: [], deliveries: [] });
  assert.deepEqual(await at.control("GET", "switches"), initial);
  assert.deepEqual(await at.control("GET", "faults"), []);
});

test("others: a further sandbox shares nothing with this one", async (t) => {
  const at = await bench(t);
  const settings = await at.control<Record<string, string>>("POST", "others");
  const baseURL = settings.TICKETSHOW_DODO_URL ?? "";
  const client = new DodoPayments({ bearerToken: settings.TICKETSHOW_DODO_API_KEY ?? "", baseURL, maxRetries: 0 });
  await at.control("POST", "faults", { path: "/checkouts", status: 500, times: null });
  const product_id = settings.TICKETSHOW_DODO_PRODUCT_ID ?? "";
  await client.checkoutSessions.create({ product_cart: [{ product_id, quantity: 1, amount: 500 }] });
  assert.deepEqual((await at.books()).sessions, []);
  await refused(
    new DodoPayments({ bearerToken: KEY, baseURL, maxRetries: 0 }).products.retrieve(product_id),
    401,
    "UNAUTHORIZED",
  );
  await at.control("POST", `others/${new URL(baseURL).port}/end`);
  await assert.rejects(client.products.retrieve(product_id), DodoPayments.APIConnectionError);
});

test("what is misspelt is refused, and nothing is turned", async (t) => {
  const at = await bench(t);
  const before = await at.control("GET", "switches");
  const wrong: [string, string, object][] = [
    ["PATCH", "switches", { refund: "failed" }],
    ["PATCH", "switches", { refunds: "lost" }],
    ["PATCH", "switches", { second_capture: true, webhooks: { copies: 0 } }],
    ["PATCH", "switches", { webhooks: { corupt: "body" } }],
    ["POST", "faults", { status: 500 }],
    ["POST", "faults", { path: "/refunds", status: 200 }],
    ["POST", "webhooks", {}],
    ["POST", "webhooks/release", { order: "random" }],
  ];
  for (const [method, path, body] of wrong) {
    const answer = await fetch(`${at.running.url}/sandbox/${path}`, { method, body: JSON.stringify(body) });
    assert.equal(answer.status, 400, `${method} ${path} ${JSON.stringify(body)}`);
  }
  assert.deepEqual(await at.control("GET", "switches"), before);
  assert.equal((await fetch(`${at.running.url}/sandbox/nothing`)).status, 404);
});

test("only this machine turns switches: no other name, no web page, no proxy", async (t) => {
  const at = await bench(t);
  const { port } = new URL(at.running.url);
  const ask = (headers: http.OutgoingHttpHeaders) =>
    new Promise<number>((resolve, reject) => {
      http
        .get({ host: "127.0.0.1", port, path: "/sandbox/books", headers }, (answer) =>
          resolve(answer.resume().statusCode ?? 0),
        )
        .on("error", reject);
    });
  assert.equal(await ask({}), 200);
  assert.equal(await ask({ host: `localhost:${port}` }), 200);
  assert.equal(await ask({ host: `rebound.example:${port}` }), 403);
  assert.equal(await ask({ origin: "https://evil.example" }), 403);
  assert.equal(await ask({ "x-forwarded-for": "192.0.2.1" }), 403);
  const outside = Object.values(os.networkInterfaces())
    .flat()
    .find((each) => each && !each.internal && each.family === "IPv4");
  if (outside)
    await assert.rejects(fetch(`http://${outside.address}:${port}/sandbox/books`), "it listens on loopback alone");
});

test("a body that is too long is refused", async (t) => {
  const at = await bench(t);
  const answer = await fetch(`${at.running.url}/refunds`, { method: "POST", body: "x".repeat(300_000) }).catch(
    () => null,
  );
  assert.ok(answer === null || answer.status === 413);
  await until(async () => (await at.books()).refunds.length === 0);
});
