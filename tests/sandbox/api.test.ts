/** Each answer of the API, fetched with the official SDK. The compiler holds them to its types: see the first test. */

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import type { DodoPayments as Types } from "dodopayments";
import { bench, DECLINES, DodoPayments, refused } from "./support.ts";

const FIXED = "pdt_FixedPrice0InTheSandbox";

test("the sandbox's answers have the types of the official SDK", () => {
  const root = fileURLToPath(new URL("../../", import.meta.url));
  const compiler = `${root}tools/node/node_modules/typescript/bin/tsc`;
  const { status, stdout } = spawnSync(process.execPath, [compiler, "-p", `${root}sandbox`], { encoding: "utf8" });
  assert.equal(status, 0, stdout);
});

test("a session is created and, when paid, tells its payment", async (t) => {
  const at = await bench(t);
  const customer = { email: "ann@example.com", name: "Ann" };
  const created: Types.CheckoutSessionResponse = await at.checkout(123_450, {
    customer,
    metadata: { booking_id: "7" },
  });
  assert.match(created.session_id, /^cks_\w{21}$/);
  assert.equal(created.checkout_url, `${at.running.url}/session/${created.session_id}`);
  let session: Types.CheckoutSessionStatus = await at.client.checkoutSessions.retrieve(created.session_id);
  assert.deepEqual(
    [session.id, session.customer_email, session.customer_name],
    [created.session_id, "ann@example.com", "Ann"],
  );
  assert.deepEqual([session.payment_id, session.payment_status], [null, null]);
  await at.pay(created.session_id);
  session = await at.client.checkoutSessions.retrieve(created.session_id);
  assert.equal(session.payment_status, "succeeded");

  const payment: Types.Payment = await at.client.payments.retrieve(session.payment_id ?? "");
  assert.match(payment.payment_id, /^pay_\w{21}$/);
  assert.deepEqual([payment.total_amount, payment.currency, payment.status], [123_450, "INR", "succeeded"]);
  assert.deepEqual([payment.checkout_session_id, payment.metadata], [created.session_id, { booking_id: "7" }]);
  assert.deepEqual(
    [payment.refunds, payment.disputes, payment.error_code, payment.card_last_four],
    [[], [], null, "4242"],
  );
  assert.equal(payment.customer.email, "ann@example.com");
});

test("a session lives 24 hours, and 15 minutes with confirm", async (t) => {
  const at = await bench(t);
  await at.checkout();
  const confirmed = await at.checkout(500, {
    confirm: true,
    customer: { email: "a@b.example" },
    billing_address: { country: "IN" },
  });
  const lives = (await at.books()).sessions.map((each) => Date.parse(each.expires_at) - Date.parse(each.created_at));
  assert.deepEqual(lives, [24 * 3_600_000, 15 * 60_000]);
  const payment = await at.client.payments.retrieve(confirmed.payment_id ?? "");
  assert.equal(payment.status, "requires_payment_method");
  assert.equal((await at.pay(confirmed.session_id)).payment_id, payment.payment_id);
});

test("payments are listed by time and status, the newest first, part by part", async (t) => {
  const at = await bench(t);
  const before = new Date(Date.now() - 1000).toISOString();
  const ids: string[] = [];
  for (const card of [undefined, DECLINES, undefined]) {
    const { session_id } = await at.checkout(500, { metadata: { booking_id: "7" } });
    ids.unshift((await at.pay(session_id, card)).payment_id);
  }
  const listed: Types.PaymentListResponse[] = [];
  for await (const each of at.client.payments.list({ created_at_gte: before, page_size: 2, page_number: 0 })) {
    listed.push(each);
  }
  assert.deepEqual(
    listed.map(({ payment_id }) => payment_id),
    ids,
  );
  const [newest] = listed;
  assert.deepEqual(
    [newest?.status, newest?.total_amount, newest?.currency, newest?.metadata],
    ["succeeded", 500, "INR", { booking_id: "7" }],
  );
  const declined = await at.client.payments.list({ status: "failed" });
  assert.deepEqual(
    declined.items.map(({ payment_id }) => payment_id),
    [ids[1]],
  );
  assert.deepEqual((await at.client.payments.list({ created_at_lte: before })).items, []);
  assert.equal((await at.client.payments.list({ page_number: 1 })).items.length, 0);
  await refused(at.client.payments.list({ page_size: 101 }), 400, "INVALID_QUERY_PARAMS");
  await refused(at.client.payments.list({ created_at_gte: "yesterday" }), 400, "INVALID_QUERY_PARAMS");
  await refused(at.client.payments.list({ customer_id: "cus_1" }), 400, "INVALID_QUERY_PARAMS");
});

test("one product is paid what one wants, one is not", async (t) => {
  const at = await bench(t);
  const wanted: Types.Product = await at.client.products.retrieve(at.running.settings.TICKETSHOW_DODO_PRODUCT_ID ?? "");
  assert.ok(wanted.price.type === "one_time_price" && wanted.price.pay_what_you_want);
  const fixed: Types.Product = await at.client.products.retrieve(FIXED);
  assert.ok(fixed.price.type === "one_time_price" && !fixed.price.pay_what_you_want);
  const cart = [{ product_id: FIXED, quantity: 2, amount: 1 }];
  const { session_id } = await at.client.checkoutSessions.create({ product_cart: cart });
  const { total_amount } = await at.pay(session_id);
  assert.equal(total_amount, 2 * fixed.price.price, "the cart's amount does not count");
});

test("what a checkout lacks is refused by code", async (t) => {
  const at = await bench(t);
  const product_id = at.running.settings.TICKETSHOW_DODO_PRODUCT_ID ?? "";
  const create = (cart: unknown, more: object = {}) =>
    at.client.checkoutSessions.create({ product_cart: cart as [], ...more });
  await refused(create(undefined), 400, "INVALID_REQUEST_BODY");
  await refused(create([]), 400, "INVALID_REQUEST_BODY");
  await refused(create([{ product_id, quantity: 0, amount: 500 }]), 400, "INVALID_REQUEST_BODY");
  await refused(create([{ product_id, quantity: 1, amount: 1.5 }]), 400, "INVALID_REQUEST_BODY");
  await refused(create([{ product_id: "pdt_unknown", quantity: 1 }]), 404, "NOT_FOUND");
  await refused(create([{ product_id, quantity: 1 }]), 422, "PAY_AS_YOU_WANT_AMOUNT_REQUIRED");
  await refused(create([{ product_id, quantity: 1, amount: 99 }]), 422, "REQUEST_AMOUNT_BELOW_MINIMUM");
  await refused(at.checkout(500, { metadata: { booking: 7 } }), 400, "INVALID_REQUEST_BODY");
  await refused(at.checkout(500, { return_url: "javascript:alert(1)" }), 400, "INVALID_REQUEST_BODY");
  await refused(at.checkout(500, { customer: { name: "Ann" } }), 400, "INVALID_REQUEST_BODY");
  await refused(at.checkout(500, { confirm: true }), 400, "INVALID_REQUEST_BODY");
  const answer = await fetch(`${at.running.url}/checkouts`, {
    method: "POST",
    body: "{",
    headers: { authorization: "Bearer sk_of_the_tests" },
  });
  assert.deepEqual([answer.status, ((await answer.json()) as { code: string }).code], [400, "INVALID_REQUEST_BODY"]);
});

test("who has no key or another, and what is not there, is told so", async (t) => {
  const at = await bench(t);
  for (const bearerToken of ["sk_another", "sk_of_the_test", "sk_of_the_tests_"]) {
    const stranger = new DodoPayments({ bearerToken, baseURL: at.running.url, maxRetries: 0 });
    await refused(stranger.products.retrieve(FIXED), 401, "UNAUTHORIZED");
  }
  assert.equal((await fetch(`${at.running.url}/payments/pay_1`)).status, 401);
  await refused(at.client.payments.retrieve("pay_unknown"), 404, "NOT_FOUND");
  await refused(at.client.checkoutSessions.retrieve("cks_unknown"), 404, "NOT_FOUND");
  await refused(at.client.refunds.retrieve("ref_unknown"), 404, "NOT_FOUND");
  await refused(at.client.products.retrieve("pdt_unknown"), 404, "NOT_FOUND");
  await refused(at.client.refunds.list().then(), 405, "METHOD_NOT_ALLOWED");
});

test("a refund is shown by itself and in its payment", async (t) => {
  const at = await bench(t);
  const payment_id = await at.paid(1_000);
  const refund: Types.Refund = await at.refund(payment_id, { metadata: { key: "r-1" }, reason: "cancelled" });
  assert.match(refund.refund_id, /^ref_\w{21}$/);
  assert.deepEqual(
    [refund.status, refund.amount, refund.currency, refund.is_partial],
    ["succeeded", 1_000, "INR", false],
  );
  assert.deepEqual([refund.metadata, refund.reason], [{ key: "r-1" }, "cancelled"]);
  assert.deepEqual(await at.client.refunds.retrieve(refund.refund_id), refund);
  let payment = await at.client.payments.retrieve(payment_id);
  assert.equal(payment.refund_status, "full");
  const shown = payment.refunds[0] as Types.RefundListItem & { metadata?: object };
  assert.deepEqual(
    [shown.refund_id, shown.amount, shown.status, shown.metadata],
    [refund.refund_id, 1_000, "succeeded", { key: "r-1" }],
  );
  await at.turn({ metadata_in_refund_list: false });
  payment = await at.client.payments.retrieve(payment_id);
  assert.ok(!("metadata" in (payment.refunds[0] as object)));
});

test("two calls are two refunds, as long as something is left", async (t) => {
  const at = await bench(t);
  const payment_id = await at.paid(1_000);
  const item_id = at.running.settings.TICKETSHOW_DODO_PRODUCT_ID ?? "";
  const part = { items: [{ item_id, amount: 400 }], metadata: { key: "the same" } };
  const first = await at.refund(payment_id, part);
  const second = await at.refund(payment_id, part);
  assert.notEqual(first.refund_id, second.refund_id);
  assert.ok(first.is_partial && second.is_partial);
  assert.equal((await at.client.payments.retrieve(payment_id)).refund_status, "partial");
  await refused(at.refund(payment_id, part), 422, "REFUND_AMOUNT_EXCEEDS_PAID_AMOUNT");
  await refused(at.refund(payment_id), 422, "REFUND_AMOUNT_EXCEEDS_PAID_AMOUNT");
  await at.refund(payment_id, { items: [{ item_id, amount: 200 }] });
  const payment = await at.client.payments.retrieve(payment_id);
  assert.deepEqual([payment.refunds.length, payment.refund_status], [3, "full"]);
  await refused(at.refund(payment_id), 409, "PAYMENT_ALREADY_REFUNDED");
});

test("what cannot be refunded is refused by code", async (t) => {
  const at = await bench(t);
  const payment_id = await at.paid(1_000);
  await refused(at.refund("pay_unknown"), 404, "NOT_FOUND");
  await refused(at.refund(await at.paid(1_000, DECLINES)), 422, "PAYMENT_NOT_SUCCEEDED");
  await refused(at.refund(payment_id, { reason: "x".repeat(3_001) }), 400, "INVALID_REQUEST_BODY");
  await refused(at.refund(payment_id, { items: [{ item_id: "pdt_of_another" }] }), 404, "NOT_FOUND");
  await refused(at.refund(payment_id, { items: [] }), 400, "INVALID_REQUEST_BODY");
  assert.equal((await at.refund(payment_id, { reason: "x".repeat(3_000) })).status, "succeeded");
});

test("ten calls in a second and a hundred in a minute are answered, with what is left", async (t) => {
  const at = await bench(t);
  await at.turn({ rate_limit: true });
  const answer = await at.client.products.retrieve(FIXED).asResponse();
  assert.equal(answer.headers.get("x-ratelimit-remaining"), "99");
  const limiter = at.running.sandbox.limiter;
  const soon = Date.now() + 10_000; // however slow this machine is
  for (let call = 0; call < 10; ++call) assert.ok(limiter.take(soon).allowed);
  await refused(at.client.products.retrieve(FIXED), 429, "TOO_MANY_REQUESTS");

  limiter.reset();
  let allowed = 0;
  for (let call = 0; call < 120; ++call) allowed += limiter.take(call * 200).allowed ? 1 : 0; // five a second
  assert.equal(allowed, 100);
  assert.ok(limiter.take(60_000 + 200).allowed, "a minute after the first");
});
