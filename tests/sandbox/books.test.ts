/** What a restart keeps, with the program as ./run starts it. */

import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { type TestContext, test } from "node:test";
import { fileURLToPath } from "node:url";
import { parseEnv } from "node:util";
import { Books } from "../../sandbox/books.ts";
import { DodoPayments, Receiver, until } from "./support.ts";

const PROGRAM = fileURLToPath(new URL("../../tools/sandbox.sh", import.meta.url));

function directory(t: TestContext): string {
  const made = fs.mkdtempSync(path.join(os.tmpdir(), "sandbox-"));
  t.after(() => fs.rmSync(made, { recursive: true }));
  return made;
}

async function run(t: TestContext, place: string, webhookUrl: string) {
  const child = spawn(PROGRAM, ["--directory", place, "--webhook-url", webhookUrl], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  t.after(() => child.kill("SIGKILL"));
  await once(child.stdout, "data");
  const settings = parseEnv(fs.readFileSync(path.join(place, "platform.env"), "utf8"));
  const client = new DodoPayments({
    bearerToken: settings.TICKETSHOW_DODO_API_KEY ?? "",
    baseURL: settings.TICKETSHOW_DODO_URL ?? "",
    maxRetries: 0,
  });
  return { child, settings, client };
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  child.kill(signal);
  await once(child, "exit");
}

test("a killed sandbox comes back with its secrets, its payments and the webhooks it still owes", async (t) => {
  const place = directory(t);
  const receiver = new Receiver();
  const url = await receiver.listen();
  t.after(() => receiver.close());
  receiver.statuses = [503];

  const first = await run(t, place, url);
  const product_id = first.settings.TICKETSHOW_DODO_PRODUCT_ID ?? "";
  const { session_id } = await first.client.checkoutSessions.create({
    product_cart: [{ product_id, quantity: 1, amount: 500 }],
  });
  const paying = await fetch(`${first.settings.TICKETSHOW_DODO_URL}/sandbox/sessions/${session_id}/pay`, {
    method: "POST",
  });
  const { payment_id } = (await paying.json()) as { payment_id: string };
  await receiver.types(2);
  await end(first.child, "SIGKILL");

  const second = await run(t, place, url);
  const { TICKETSHOW_DODO_URL: _, ...secrets } = second.settings;
  const { TICKETSHOW_DODO_URL: __, ...before } = first.settings;
  assert.deepEqual(secrets, before);
  assert.equal(fs.statSync(path.join(place, "platform.env")).mode & 0o077, 0, "for nobody else");
  assert.equal((await second.client.refunds.create({ payment_id })).amount, 500);
  receiver.statuses = [200];
  const id = receiver.received[0]?.headers["webhook-id"];
  await fetch(`${second.settings.TICKETSHOW_DODO_URL}/sandbox/webhooks/${id}/resend`, { method: "POST" });
  await until(() => receiver.received.some(({ event }) => event.data.refund_status === "full"));
  await end(second.child, "SIGTERM");

  const third = await run(t, place, url);
  assert.equal((await third.client.payments.retrieve(payment_id)).refund_status, "full");
  await end(third.child, "SIGTERM");
});

test("what a killed process left unfinished in the journal is dropped, and only that", (t) => {
  const file = path.join(directory(t), "books.jsonl");
  const session = { session_id: "cks_1", amount: 1 };
  const changed = { session_id: "cks_1", amount: 2 };
  const line = (record: object) => `${JSON.stringify({ kind: "session", record })}\n`;
  fs.writeFileSync(file, line(session) + line(changed) + line({ session_id: "cks_2" }).slice(0, -9));
  assert.deepEqual([...new Books(file).sessions.values()], [changed]);
  assert.equal(fs.readFileSync(file, "utf8"), line(changed), "and the rest is written anew");
});
