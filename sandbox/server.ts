/** The sandbox's HTTP server: whom a request is for, and how a refusal is answered. */

import http, { type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { isApi, serveApi } from "./api.ts";
import { PAY_WHAT_YOU_WANT } from "./catalogue.ts";
import { servePage } from "./checkout_page.ts";
import { type Others, serveControl } from "./control.ts";
import { ApiError, notFound, sendJson } from "./http.ts";
import { pageHeaders, plainPage } from "./page.ts";
import { newKey, newSecret } from "./records.ts";
import { type Options, Sandbox } from "./sandbox.ts";

export interface Running {
  /** http://127.0.0.1:PORT */
  url: string;
  /** The settings by which the platform reaches it. */
  settings: Record<string, string>;
  sandbox: Sandbox;
  /** Ends all connections and deliveries. */
  close(): Promise<void>;
}

/** Starts a sandbox on a port of the address, 0 for any that is free. Without a publicUrl it is reached on the loopback interface. */
export async function start(
  port: number,
  options: Omit<Options, "publicUrl"> & { publicUrl?: string },
  address = "127.0.0.1",
): Promise<Running> {
  const server = http.createServer({ requestTimeout: 30_000 });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, address, resolve);
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const sandbox = new Sandbox({ ...options, publicUrl: options.publicUrl ?? url });
  const others = new OtherSandboxes(sandbox.options);
  server.on("request", (request, response) => void serve(sandbox, others, request, response));
  return {
    url,
    settings: {
      TICKETSHOW_DODO_URL: url,
      TICKETSHOW_DODO_API_KEY: options.apiKey,
      TICKETSHOW_DODO_WEBHOOK_SECRETS: options.webhookSecrets.join(","),
      TICKETSHOW_DODO_PRODUCT_ID: PAY_WHAT_YOU_WANT,
    },
    sandbox,
    close: async () => {
      await others.endAll();
      sandbox.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const MAX_OTHERS = 1_000;

class OtherSandboxes implements Others {
  readonly #like: Options;
  readonly #running = new Map<string, Running>();

  constructor(like: Options) {
    this.#like = like;
  }

  async begin(webhookUrl: string | null): Promise<Record<string, string>> {
    if (this.#running.size >= MAX_OTHERS) throw new ApiError(429, "TOO_MANY_SANDBOXES", "End some sandboxes first");
    const { merchant, currency } = this.#like;
    const own = { apiKey: newKey(), webhookUrl, webhookSecrets: [newSecret()], file: null };
    const running = await start(0, { merchant, currency, ...own });
    this.#running.set(new URL(running.url).port, running);
    return running.settings;
  }

  async end(port: string): Promise<void> {
    const running = this.#running.get(port);
    this.#running.delete(port);
    await running?.close();
  }

  async endAll(): Promise<void> {
    for (const port of [...this.#running.keys()]) await this.end(port);
  }
}

async function serve(
  sandbox: Sandbox,
  others: Others,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const path = (request.url ?? "/").split("?")[0] ?? "/";
  const [, first, id = ""] = path.split("/");
  try {
    if (first === "sandbox") await serveControl(sandbox, others, request, response, path);
    else if (first === "session") await servePage(sandbox, request, response, id);
    else if (isApi(path)) await serveApi(sandbox, request, response, path);
    else if (path === "/") sendStart(response);
    else throw notFound(path);
  } catch (error) {
    refuse(response, error);
  }
}

function refuse(response: ServerResponse, error: unknown): void {
  if (!(error instanceof ApiError)) console.error(error);
  if (response.headersSent || response.destroyed) return void response.destroy();
  const { status, code, message } =
    error instanceof ApiError
      ? error
      : { status: 500, code: "INTERNAL_SERVER_ERROR", message: "Something is wrong with the sandbox" };
  sendJson(response, status, { code, message });
}

function sendStart(response: ServerResponse): void {
  const text =
    "It speaks the API of Dodo Payments to the platform, and shows the checkout page to payers. What it knows is at " +
    "/sandbox/books; its switches are explained in sandbox/README.md.";
  response.writeHead(200, pageHeaders(null)).end(plainPage("The card sandbox of Ticket Show", text));
}
