/** All of the sandbox but its server: what is kept, what is sold, and what can be done with it. */

import type DodoPayments from "dodopayments";
import { Books } from "./books.ts";
import { catalogue } from "./catalogue.ts";
import { Faults } from "./faults.ts";
import { RateLimiter } from "./limits.ts";
import { Payments } from "./payments.ts";
import type { Currency } from "./records.ts";
import { Refunds } from "./refunds.ts";
import { defaults, type Switches } from "./switches.ts";
import { Webhooks } from "./webhooks.ts";

export interface Options {
  /** The one key that `Authorization: Bearer` must carry. */
  apiKey: string;
  /** Where webhooks go until a switch says otherwise; null: nowhere. */
  webhookUrl: string | null;
  /** `whsec_` and base64. Each signs every webhook. */
  webhookSecrets: readonly string[];
  /** The name that payers read. */
  merchant: string;
  currency: Currency;
  /** Where payers reach the checkout page, without a slash at the end. */
  publicUrl: string;
  /** The journal of the books; null: they live as long as the process. */
  file: string | null;
}

export class Sandbox {
  readonly options: Options;
  readonly products: Map<string, DodoPayments.Product>;
  readonly switches: Switches;
  readonly faults = new Faults();
  readonly limiter = new RateLimiter();
  readonly books: Books;
  readonly webhooks: Webhooks;
  readonly payments: Payments;
  readonly refunds: Refunds;

  constructor(options: Options) {
    this.options = options;
    this.switches = defaults(options.webhookUrl);
    this.products = catalogue(options.currency);
    this.books = new Books(options.file);
    this.webhooks = new Webhooks(this.books, this.switches, options.webhookSecrets);
    this.payments = new Payments(this.books, this.switches, this.webhooks);
    this.refunds = new Refunds(this.books, this.switches, this.webhooks);
  }

  /** Turns every switch back. */
  resetSwitches(): void {
    const { webhooks, ...others } = defaults(this.options.webhookUrl);
    Object.assign(this.switches.webhooks, webhooks);
    Object.assign(this.switches, others);
    this.faults.clear();
    this.limiter.reset();
  }

  /** As if it had just been made, with empty books. */
  reset(): void {
    this.resetSwitches();
    this.webhooks.reset();
    this.books.clear();
  }

  close(): void {
    this.webhooks.close();
  }
}
