/** Sends webhooks: signed, retried after the documented waits, and with the faults that the switches ask for. */

import { randomBytes } from "node:crypto";
import type { Books } from "./books.ts";
import { BUSINESS_ID } from "./catalogue.ts";
import { ApiError } from "./http.ts";
import { post } from "./post.ts";
import { type Attempt, type Corruption, type Delivery, newId } from "./records.ts";
import { sign } from "./signature.ts";
import type { Switches } from "./switches.ts";
import { eventData } from "./views.ts";

/** The waits before the eight retries: at once, 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 10 h. */
const RETRY_WAITS_S = [0, 5, 300, 1_800, 7_200, 18_000, 36_000, 36_000];
/** Older than the five minutes that receivers allow. */
const STALE_S = 600;

/** What a webhook that is written by hand may say; a `body` replaces the whole envelope. */
export interface ByHand {
  type: string;
  data?: unknown;
  webhook_id?: string;
  body?: string;
  corrupt?: Corruption | null;
}

export class Webhooks {
  readonly #books: Books;
  readonly #switches: Switches;
  readonly #secrets: readonly string[];
  readonly #timers = new Map<string, NodeJS.Timeout>();
  readonly #stopping = new AbortController();

  /** All secrets sign, as while one is being replaced. Takes up what an earlier process left undelivered. */
  constructor(books: Books, switches: Switches, secrets: readonly string[]) {
    this.#books = books;
    this.#switches = switches;
    this.#secrets = secrets;
    for (const delivery of books.deliveries.values()) {
      if (delivery.state === "pending")
        this.#schedule(delivery, Date.parse(delivery.next_attempt_at ?? delivery.timestamp) - Date.now());
    }
  }

  /** Records that a payment or refund changed, and sends it as the switches say. */
  announce(type: string, about: NonNullable<Delivery["about"]>): Delivery {
    const { copies, delay_ms, hold, drop, corrupt } = this.#conditions(type);
    const delivery = this.#record({
      type,
      about,
      copies,
      corrupt,
      state: drop ? "dropped" : hold ? "held" : "pending",
    });
    if (delivery.state === "pending") this.#schedule(delivery, delay_ms);
    return delivery;
  }

  /** Sends a webhook that says anything, whatever the switches. Returns when its first attempt has ended. */
  async send(what: ByHand): Promise<Delivery> {
    const timestamp = new Date().toISOString();
    const body =
      what.body ?? JSON.stringify({ business_id: BUSINESS_ID, type: what.type, timestamp, data: what.data ?? {} });
    const delivery = this.#record({
      type: what.type,
      body,
      corrupt: what.corrupt ?? null,
      webhook_id: what.webhook_id ?? newId("msg"),
    });
    await this.#attempt(delivery);
    return delivery;
  }

  /** Sends one again with the same webhook-id, without faults. Returns when the attempt has ended. */
  async resend(webhookId: string): Promise<Delivery> {
    const delivery = this.#books.deliveries.get(webhookId);
    if (!delivery) throw new ApiError(404, "NOT_FOUND", `Webhook ${webhookId} not found`);
    Object.assign(delivery, { copies: 1, corrupt: null, state: "pending" });
    await this.#attempt(delivery);
    return delivery;
  }

  /** Sends all that are held, each after the first attempt of the one before has ended. */
  async release(order: "kept" | "reversed"): Promise<Delivery[]> {
    const held = [...this.#books.deliveries.values()].filter(({ state }) => state === "held");
    if (order === "reversed") held.reverse();
    for (const delivery of held) {
      delivery.state = "pending";
      await this.#attempt(delivery);
    }
    return held;
  }

  /** Forgets what is under way. */
  reset(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
  }

  /** Ends what is under way; the next process takes it up. */
  close(): void {
    this.reset();
    this.#stopping.abort();
  }

  #conditions(type: string) {
    const set = this.#switches.webhooks;
    const untouched = { copies: 1, delay_ms: 0, hold: false, drop: false, corrupt: null };
    if ((set.only !== null && !set.only.includes(type)) || set.times === 0) return untouched;
    if (set.times !== null) set.times -= 1;
    return set;
  }

  #record(known: Partial<Delivery> & { type: string }): Delivery {
    const delivery: Delivery = {
      webhook_id: newId("msg"),
      timestamp: new Date().toISOString(),
      about: null,
      body: null,
      state: "pending",
      copies: 1,
      corrupt: null,
      attempts: [],
      next_attempt_at: null,
      ...known,
    };
    this.#books.put("delivery", delivery);
    return delivery;
  }

  #schedule(delivery: Delivery, waitMs: number): void {
    delivery.next_attempt_at = new Date(Date.now() + Math.max(waitMs, 0)).toISOString();
    this.#books.put("delivery", delivery);
    this.#timers.set(
      delivery.webhook_id,
      setTimeout(() => void this.#attempt(delivery), Math.max(waitMs, 0)),
    );
  }

  async #attempt(delivery: Delivery): Promise<void> {
    clearTimeout(this.#timers.get(delivery.webhook_id));
    this.#timers.delete(delivery.webhook_id);
    delivery.next_attempt_at = null;
    const { url } = this.#switches.webhooks;
    if (url === null) {
      delivery.state = "dropped";
      this.#books.put("delivery", delivery);
      return;
    }
    const body = this.#body(delivery);
    const copies = Array.from({ length: delivery.copies }, () => this.#post(url, delivery, body));
    const attempts = await Promise.all(copies);
    if (this.#stopping.signal.aborted || this.#books.deliveries.get(delivery.webhook_id) !== delivery) return; // or forgotten
    delivery.attempts.push(...attempts);
    const taken = attempts.every(({ status }) => status !== null && status >= 200 && status < 300);
    const wait = RETRY_WAITS_S[Math.ceil(delivery.attempts.length / delivery.copies) - 1];
    delivery.state = taken ? "delivered" : wait === undefined ? "failed" : "pending";
    if (delivery.state === "pending" && wait !== undefined)
      this.#schedule(delivery, wait * 1_000 * this.#switches.webhooks.retry_scale);
    else this.#books.put("delivery", delivery);
  }

  async #post(url: string, delivery: Delivery, body: string): Promise<Attempt> {
    const began = Date.now();
    const timestamp = Math.floor(began / 1_000) - (delivery.corrupt === "timestamp" ? STALE_S : 0);
    const secrets = delivery.corrupt === "signature" ? [randomBytes(24).toString("base64")] : this.#secrets;
    const headers = {
      "webhook-id": delivery.webhook_id,
      "webhook-timestamp": String(timestamp),
      "webhook-signature": sign(secrets, delivery.webhook_id, timestamp, body),
    };
    const sent = delivery.corrupt === "body" ? body.replace("{", '{"altered":true,') : body;
    let status: number | null = null;
    let error: string | null = null;
    try {
      status = await post(url, headers, sent, this.#switches.webhooks.timeout_ms, this.#stopping.signal);
    } catch (caught) {
      error = (caught as Error).message || String(caught);
    }
    return { at: new Date(began).toISOString(), status, error, duration_ms: Date.now() - began };
  }

  /** What is sent says how things are now, not how they were when the event happened. */
  #body(delivery: Delivery): string {
    const { about, type, timestamp } = delivery;
    if (delivery.body !== null || about === null) return delivery.body ?? "";
    return JSON.stringify({
      business_id: BUSINESS_ID,
      type,
      timestamp,
      data: eventData(about, this.#books, this.#switches),
    });
  }
}
