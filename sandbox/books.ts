/** All sessions, payments, refunds and deliveries: in memory, and, with a file, in a journal that outlives the process. */

import fs from "node:fs";
import type { Delivery, Payment, Refund, Session } from "./records.ts";

interface Kinds {
  session: Session;
  payment: Payment;
  refund: Refund;
  delivery: Delivery;
}

/** Deliveries beyond this number push the oldest finished ones out. */
const MAX_DELIVERIES = 5_000;

export class Books {
  readonly sessions = new Map<string, Session>();
  readonly payments = new Map<string, Payment>();
  readonly refunds = new Map<string, Refund>();
  readonly deliveries = new Map<string, Delivery>();
  readonly #file: string | null;

  /** Reads the journal unless it is null or not there yet, and writes it anew with only the last state of each record. */
  constructor(file: string | null) {
    this.#file = file;
    if (file === null) return;
    if (fs.existsSync(file)) this.#replay(fs.readFileSync(file, "utf8"));
    this.#rewrite();
  }

  /** Records a new or changed record. When it returns, a killed process would not forget it. */
  put<Kind extends keyof Kinds>(kind: Kind, record: Kinds[Kind]): void {
    this.#keep(kind, record);
    if (this.#file !== null) fs.appendFileSync(this.#file, line(kind, record));
    if (kind === "delivery" && this.deliveries.size > MAX_DELIVERIES) this.#forgetOldestDelivery();
  }

  refundsOf(paymentId: string): Refund[] {
    return [...this.refunds.values()].filter((refund) => refund.payment_id === paymentId);
  }

  /** Everything, as JSON shows it. */
  all(): Record<string, unknown[]> {
    return {
      sessions: [...this.sessions.values()],
      payments: [...this.payments.values()],
      refunds: [...this.refunds.values()],
      deliveries: [...this.deliveries.values()],
    };
  }

  clear(): void {
    for (const records of [this.sessions, this.payments, this.refunds, this.deliveries]) records.clear();
    this.#rewrite();
  }

  #keep<Kind extends keyof Kinds>(kind: Kind, record: Kinds[Kind]): void {
    if (kind === "session") this.sessions.set((record as Session).session_id, record as Session);
    else if (kind === "payment") this.payments.set((record as Payment).payment_id, record as Payment);
    else if (kind === "refund") this.refunds.set((record as Refund).refund_id, record as Refund);
    else this.deliveries.set((record as Delivery).webhook_id, record as Delivery);
  }

  #forgetOldestDelivery(): void {
    for (const [id, { state }] of this.deliveries) {
      if (state === "pending" || state === "held") continue;
      this.deliveries.delete(id);
      return;
    }
  }

  /** A line that a killed process left unfinished is the last one, and nobody was told of it. */
  #replay(journal: string): void {
    const lines = journal.split("\n");
    lines.pop();
    for (const each of lines) {
      const { kind, record } = JSON.parse(each);
      this.#keep(kind, record);
    }
  }

  /** Under another name first: at any moment the file is whole. */
  #rewrite(): void {
    if (this.#file === null) return;
    const making = `${this.#file}.making`;
    const out = fs.openSync(making, "w", 0o600);
    for (const session of this.sessions.values()) fs.writeSync(out, line("session", session));
    for (const payment of this.payments.values()) fs.writeSync(out, line("payment", payment));
    for (const refund of this.refunds.values()) fs.writeSync(out, line("refund", refund));
    for (const delivery of this.deliveries.values()) fs.writeSync(out, line("delivery", delivery));
    fs.fsyncSync(out);
    fs.closeSync(out);
    fs.renameSync(making, this.#file);
  }
}

function line(kind: keyof Kinds, record: Kinds[keyof Kinds]): string {
  return `${JSON.stringify({ kind, record })}\n`;
}
