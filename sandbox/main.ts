/** The program: see README.md. Its directory keeps the books and the secrets, which are made at the first start. */

import fs from "node:fs";
import path from "node:path";
import { parseArgs, parseEnv } from "node:util";
import { type Currency, newKey, newSecret } from "./records.ts";
import { start } from "./server.ts";

const { values } = parseArgs({
  options: {
    directory: { type: "string" },
    address: { type: "string", default: "127.0.0.1" },
    port: { type: "string", default: "0" },
    "webhook-url": { type: "string" },
    "public-url": { type: "string" },
    merchant: { type: "string", default: "Ticket Show" },
    currency: { type: "string", default: "INR" },
  },
});
if (values.directory === undefined)
  throw new Error("usage: main.ts --directory DIRECTORY [--port PORT] [--webhook-url URL] …");
fs.mkdirSync(values.directory, { recursive: true });

/** The settings by which the platform reaches this sandbox; also where its secrets are kept. */
const settingsFile = path.join(values.directory, "platform.env");
const kept = fs.existsSync(settingsFile) ? parseEnv(fs.readFileSync(settingsFile, "utf8")) : {};
const known = { ...kept, ...process.env };
const apiKey = known.TICKETSHOW_DODO_API_KEY || newKey();
const secrets = known.TICKETSHOW_DODO_WEBHOOK_SECRETS || newSecret();

const running = await start(
  Number(values.port),
  {
    apiKey,
    webhookUrl: values["webhook-url"] ?? null,
    webhookSecrets: secrets.split(","),
    merchant: values.merchant,
    currency: values.currency as Currency,
    file: path.join(values.directory, "books.jsonl"),
    ...(values["public-url"] === undefined ? {} : { publicUrl: values["public-url"] }),
  },
  values.address,
);

const lines = Object.entries({ TICKETSHOW_CARDS_ADAPTER: "dodo", ...running.settings }).map(
  ([name, value]) => `${name}=${value}\n`,
);
fs.writeFileSync(`${settingsFile}.making`, lines.join(""), { mode: 0o600 });
fs.renameSync(`${settingsFile}.making`, settingsFile);

console.log(`the sandbox serves at ${running.url}`);
for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => void running.close());
