import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import type { Account } from "./platform.ts";

export const sizes = {
  phone: { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
  desktop: { viewport: { width: 1280, height: 800 }, hasTouch: false, isMobile: false },
} as const;
export type Size = keyof typeof sizes;
export const eachSize = Object.keys(sizes) as Size[];

export type Theme = "light" | "dark";

const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** Debian's Chromium, or the one that CHROMIUM names; with `more` flags. */
export function openBrowser(...more: string[]): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", ...more],
  });
}

export interface Visit {
  size?: Size;
  theme?: Theme;
  locale?: string;
  permissions?: string[];
}

/** Somebody with a browser of their own. Whatever its pages complain of in the console fails `leave()`. */
export class Visitor {
  readonly context: BrowserContext;
  readonly page: Page;
  private readonly url: string;
  private readonly complained: string[] = [];

  // Node runs this file by leaving its types out, so no field is declared by a parameter.
  private constructor(context: BrowserContext, page: Page, url: string) {
    this.context = context;
    this.page = page;
    this.url = url;
    page.on("pageerror", (error) => this.complained.push(`error: ${error.message}`));
    page.on("console", (message) => {
      if (message.type() !== "error") return;
      // The browser's own line for each answer that is no success, which the app deals with.
      if (message.text().startsWith("Failed to load resource")) return;
      this.complained.push(`console: ${message.text()}`);
    });
  }

  static async come(browser: Browser, url: string, visit: Visit = {}): Promise<Visitor> {
    const { size = "desktop", theme = "light", locale = "en-IN", permissions = [] } = visit;
    const context = await browser.newContext({
      ...sizes[size],
      locale,
      permissions,
      colorScheme: theme,
      timezoneId: "Asia/Kolkata",
      reducedMotion: "reduce",
      acceptDownloads: true,
    });
    context.setDefaultTimeout(15_000);
    const page = await context.newPage();
    await page.addInitScript(() => {
      const seen = { shift: 0 };
      Object.assign(window, { ticketshowSeen: seen });
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries() as (PerformanceEntry & { value: number; hadRecentInput: boolean })[]) {
          if (!entry.hadRecentInput) seen.shift += entry.value;
        }
      }).observe({ type: "layout-shift", buffered: true });
    });
    return new Visitor(context, page, url);
  }

  go(path: string, until: "load" | "commit" = "load") {
    return this.page.goto(this.url + path, { waitUntil: until });
  }

  /** Signs in on the page for that. */
  async signIn(account: Account): Promise<void> {
    await this.go("/sign-in");
    await this.fillSignIn(account);
    await this.page.waitForURL((where) => where.pathname === "/");
  }

  /** Signs in with the form that is on the page, or on top of it. */
  async fillSignIn({ email, password }: Account): Promise<void> {
    const form = this.page.locator("form").filter({ has: this.page.locator("input[type=password]") });
    await form.getByLabel("E-mail address").fill(email);
    await form.locator("input[type=password]").fill(password);
    await form.getByRole("button", { name: "Sign in", exact: true }).click();
  }

  /** The wallet's page tells this balance, or will when it is asked a few times more: money moves by events. */
  async expectBalance(amount: string): Promise<void> {
    const balance = this.page.locator("main [aria-live]").filter({ hasText: new RegExp(`^${amount}$`) });
    for (let visits = 5; ; --visits) {
      await this.go("/wallet");
      const failure = await balance.waitFor({ timeout: 4000 }).catch((error) => error);
      if (!failure) return;
      if (visits === 1) throw failure;
    }
  }

  /** Fails with what axe finds wrong with the page in either theme; leaves it light. */
  async expectAccessibleInBothThemes(): Promise<void> {
    for (const colorScheme of ["dark", "light"] as const) {
      await this.page.emulateMedia({ colorScheme });
      await this.page.locator(`html[data-mantine-color-scheme=${colorScheme}]`).waitFor();
      await this.expectAccessible();
    }
  }

  /** Fails with what axe finds wrong with the page as it is. */
  async expectAccessible(): Promise<void> {
    await this.page.evaluate(axeSource);
    const found = await this.page.evaluate(async () => {
      const { axe } = window as unknown as { axe: typeof import("axe-core") };
      const { violations } = await axe.run(document);
      return violations.map(
        ({ id, nodes }) =>
          `${id}: ${nodes.map(({ html, failureSummary }) => `${html} ${failureSummary}`).join("\n  ")}`,
      );
    });
    if (found.length > 0) throw new Error(`axe on ${this.page.url()}:\n${found.join("\n")}`);
  }

  /** How far things moved by themselves since the page was loaded (cumulative layout shift). */
  shift(): Promise<number> {
    return this.page.evaluate(() => (window as unknown as { ticketshowSeen: { shift: number } }).ticketshowSeen.shift);
  }

  /** Leaves; nothing went wrong within the pages. */
  async leave(): Promise<void> {
    await this.context.close();
    if (this.complained.length > 0) throw new Error(`A page complained:\n${this.complained.join("\n")}`);
  }
}

/** Enters a test card on the card sandbox's page and pays. */
export async function payOnCardPage(page: Page, number = "4242424242424242"): Promise<void> {
  await page.locator("input[name=number]").fill(number);
  await page.locator("input[name=expiry]").fill("12/34");
  await page.locator("input[name=cvc]").fill("123");
  await page.locator("input[name=name]").fill("Ann");
  await page.getByRole("button", { name: /^Pay/ }).click();
}

/** Keeps how a page looks in the directory that `./run screenshots` names; does nothing otherwise. */
export async function keepPicture(page: Page, name: string): Promise<void> {
  const gallery = process.env.TICKETSHOW_SCREENSHOTS;
  if (!gallery) return;
  mkdirSync(gallery, { recursive: true });
  await page.screenshot({ path: `${gallery}/${name}.jpeg`, type: "jpeg", quality: 70 });
}
