/** The hosted checkout page, as a browser without scripts uses it. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { amountText } from "../../sandbox/page.ts";
import { type Bench, bench, DECLINES, PROCESSES, SUCCEEDS } from "./support.ts";

const GOOD = { number: SUCCEEDS, expiry: "12/34", cvc: "123", name: "Ann" };

async function open(at: Bench, more: object = {}): Promise<string> {
  return (
    (await at.checkout(123_450, { cancel_url: "https://cinema.example/left?a=1&b=2", ...more })).checkout_url ?? ""
  );
}

async function send(url: string, form: Record<string, string>): Promise<Response & { html: string }> {
  const answer = await fetch(url, { method: "POST", body: new URLSearchParams(form), redirect: "manual" });
  return Object.assign(answer, { html: await answer.text() });
}

test("the page says what is paid to whom, that it is a sandbox, and which cards there are", async (t) => {
  const at = await bench(t);
  const answer = await fetch(await open(at, { customer: { email: "<b>ann</b>@example.com" } }));
  const html = await answer.text();
  assert.equal(answer.status, 200);
  for (const text of [
    "The Lighthouse",
    "Movie tickets",
    "₹1,234.50",
    "This is a sandbox.",
    'lang="en"',
    'name="viewport"',
  ]) {
    assert.ok(html.includes(text), text);
  }
  for (const card of ["4242 4242 4242 4242", "4000 0000 0000 0002", "4000 0000 0000 3220"])
    assert.ok(html.includes(card), card);
  assert.ok(html.includes('href="https://cinema.example/left?a=1&#38;b=2"'), "leave");
  assert.ok(!html.includes("<b>"), "what the merchant sends is text");
  for (const field of Object.keys(GOOD)) assert.ok(html.includes(`<label for="${field}">`), `${field} has a label`);
  assert.match(
    answer.headers.get("content-security-policy") ?? "",
    /^default-src 'none'; .*form-action 'self' https:\/\/cinema.example;/,
  );
  assert.doesNotMatch(html, /<script|<img|<link|src=|@import|url\(/, "it loads nothing");
});

test("a good card pays, sends the payer back with payment and status, and the session is done", async (t) => {
  const at = await bench(t);
  const url = await open(at);
  const { status, headers } = await send(url, { ...GOOD, number: "4242 4242 4242 4242" });
  const [payment] = (await at.books()).payments;
  assert.equal(status, 303);
  assert.equal(
    headers.get("location"),
    `https://cinema.example/paid?booking=7&payment_id=${payment?.payment_id}&status=succeeded`,
  );
  assert.deepEqual([payment?.status, payment?.card_holder_name], ["succeeded", "Ann"]);
  const again = await (await fetch(url)).text();
  assert.match(again, /has been paid already/);
  assert.doesNotMatch(again, /<form/);
  assert.equal((await send(url, GOOD)).status, 409);
  assert.equal((await at.books()).payments.length, 1);
});

test("a declined card is told, and another one may pay", async (t) => {
  const at = await bench(t);
  const url = await open(at);
  const declined = await send(url, { ...GOOD, number: DECLINES });
  assert.equal(declined.status, 402);
  assert.match(declined.html, /<p role="alert">Your card was declined\. Try another card\.<\/p>/);
  assert.ok(declined.html.includes('value="Ann"') && !declined.html.includes(DECLINES));
  const [failed] = (await at.books()).payments;
  assert.deepEqual([failed?.status, failed?.error_code], ["failed", "CARD_DECLINED"]);
  assert.equal((await send(url, GOOD)).status, 303);
  const payments = (await at.books()).payments;
  assert.deepEqual(
    payments.map((each) => [each.payment_id, each.status, each.error_code]),
    [[failed?.payment_id, "succeeded", null]],
  );
});

test("each attempt can be a payment of its own", async (t) => {
  const at = await bench(t);
  await at.turn({ attempts: "new_payment" });
  const url = await open(at);
  await send(url, { ...GOOD, number: DECLINES });
  await send(url, GOOD);
  assert.deepEqual(
    (await at.books()).payments.map(({ status }) => status),
    ["failed", "succeeded"],
  );
});

test("a card in process sends the payer back and takes no other card", async (t) => {
  const at = await bench(t);
  const url = await open(at);
  const { headers } = await send(url, { ...GOOD, number: PROCESSES });
  assert.match(headers.get("location") ?? "", /&status=processing$/);
  assert.match(await (await fetch(url)).text(), /is being processed/);
  assert.equal((await send(url, GOOD)).status, 409);
});

test("what is wrong with the form is said at the field", async (t) => {
  const at = await bench(t);
  const url = await open(at);
  const wrong: Record<string, string[]> = {
    number: ["", "4111111111111111", "4242"],
    expiry: ["", "13/34", "01/20", "12-34"],
    cvc: ["", "12", "abc"],
    name: ["", "  "],
  };
  for (const [field, values] of Object.entries(wrong)) {
    for (const value of values) {
      const { status, html } = await send(url, { ...GOOD, [field]: value });
      assert.equal(status, 422, `${field} "${value}"`);
      assert.ok(html.includes(`aria-invalid="true" aria-describedby="${field}-problem"`), `${field} "${value}"`);
      assert.equal(html.match(/class="problem"/g)?.length, 1);
    }
  }
  assert.deepEqual((await at.books()).payments, []);
});

test("without addresses there is no way out, and paying says so on the page", async (t) => {
  const at = await bench(t);
  const url = await open(at, { return_url: null, cancel_url: null });
  assert.doesNotMatch(await (await fetch(url)).text(), /Leave/);
  const { status, html } = await send(url, GOOD);
  assert.equal(status, 200);
  assert.match(html, /Thank you, this is paid/);
});

test("an expired and an unknown session take no card", async (t) => {
  const at = await bench(t);
  const { session_id, checkout_url } = await at.checkout();
  await at.control("POST", `sessions/${session_id}/expire`);
  const { status, html } = await send(checkout_url ?? "", GOOD);
  assert.deepEqual([status, /has expired/.test(html)], [410, true]);
  assert.equal((await fetch(`${at.running.url}/session/cks_unknown`)).status, 404);
  assert.deepEqual((await at.books()).payments, []);
});

test("amounts are read in their currency's minor units", () => {
  assert.deepEqual(
    [amountText(5, "INR"), amountText(12_345_678, "INR"), amountText(500, "JPY")],
    ["₹0.05", "₹1,23,456.78", "JP¥500"],
  );
});
