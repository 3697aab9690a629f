import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { eachSize, keepPicture, openBrowser, type Size, Visitor } from "./browser";
import { stage } from "./setup";

const on = stage();

async function signedIn(size: Size, account: { email: string; password: string }) {
  const visitor = await Visitor.come(on.browser, on.platform.url, { size });
  await visitor.signIn(account);
  return visitor;
}

describe.each(eachSize)("on a %s", (size) => {
  test("an admin makes a show and gives it its poster", async () => {
    const visitor = await signedIn(size, on.platform.sample("ADMIN"));
    const { page } = visitor;
    await visitor.go("/admin/shows/new");
    const title = `Made on a ${size} ${Date.now()}`;
    await page.getByLabel(/^Title/).fill(title);
    await page.getByLabel(/^Length|^Duration/).fill("95");
    await page.getByLabel(/^Price/).fill("250");
    await page.getByLabel(/^Description/).fill("A show of a test.");
    await page.locator("main form button[type=submit]").click();
    await page.waitForURL(/\/admin\/shows\/\d+$/);
    const id = page.url().split("/").pop();
    await page.locator("input[type=file]").setInputFiles(await poster());
    await page.getByText("The poster is there.").waitFor();
    await visitor.go(`/shows/${id}`);
    await page.getByRole("heading", { name: title }).waitFor();
    expect(await page.locator("main picture img").evaluate((image: HTMLImageElement) => image.width)).toBeGreaterThan(
      0,
    );
    await visitor.leave();
  });

  test("an admin cancels a show, sees before what it costs, and then how all its money goes back", async () => {
    const [showing, buyer] = [await on.platform.showing(), await on.platform.user(1000)];
    const customer = await signedIn(size, buyer);
    await customer.go(`/showings/${showing.schedule}`);
    await customer.page.getByRole("gridcell", { name: /Row A, seat 1, free/ }).click();
    await customer.page.getByRole("button", { name: "Continue" }).click();
    await customer.page.getByRole("button", { name: /from the wallet$/ }).click();
    await customer.page.getByRole("heading", { name: "Your seats are booked" }).waitFor();

    const visitor = await signedIn(size, on.platform.sample("ADMIN"));
    const { page } = visitor;
    await visitor.go(`/admin/shows/${showing.show}`);
    await page.getByRole("button", { name: /cancel the show/i }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByText("₹100").waitFor();
    await dialog.getByRole("textbox").fill(showing.title);
    await dialog.locator("button[type=submit]").click();
    await page.getByText("This show is cancelled").first().waitFor();
    await page
      .getByText(/1 of 1/)
      .first()
      .waitFor({ timeout: 30_000 });

    await customer.go("/wallet");
    await customer.page.getByText("₹1,000").first().waitFor();
    await customer.leave();
    await visitor.leave();
  });

  test("the pages of the house show what is there", async () => {
    const visitor = await signedIn(size, on.platform.sample("ADMIN"));
    for (const path of ["", "/shows", "/venues", "/venues/1", "/calendar", "/reports", "/operations"]) {
      await visitor.go(`/admin${path}`);
      await visitor.page.locator("h1").first().waitFor();
      await visitor.page.waitForLoadState("networkidle");
      expect(await visitor.page.getByText("That did not work").count(), path).toBe(0);
      await visitor.expectAccessible();
      await keepPicture(visitor.page, `${path.split("/")[1] || "house"}-${size}-light`);
    }
    await visitor.leave();
  });

  test("the door's camera reads a ticket as its buyer's phone shows it", async () => {
    const [showing, buyer] = [await on.platform.showing({ minutes: 20 }), await on.platform.user(1000)];
    const { booking } = await on.platform.tickets(buyer.email, showing.schedule, showing.seats.slice(0, 1));
    const customer = await signedIn("phone", buyer);
    await customer.go(`/bookings/${booking}`);
    await customer.page.getByRole("img", { name: /^QR code/ }).waitFor();
    const film = join(mkdtempSync(join(tmpdir(), "ticketshow-camera-")), "ticket.mjpeg");
    writeFileSync(film, await filmed(customer.page));
    await customer.leave();

    const browser = await openBrowser(
      "--use-fake-device-for-media-stream",
      "--use-fake-ui-for-media-stream",
      `--use-file-for-fake-video-capture=${film}`,
    );
    const keeper = await Visitor.come(browser, on.platform.url, { size, permissions: ["camera"] });
    await keeper.signIn(await on.platform.staff(showing.venue));
    await keeper.go(`/door/${showing.schedule}`);
    await keeper.page.getByRole("button", { name: "Start the camera" }).click();
    await keeper.page.getByText("ADMIT", { exact: true }).waitFor({ timeout: 30_000 });
    await keeper.leave();
    await browser.close();
  });

  test("the door admits a ticket once, says so of the second time, and goes on without a network", async () => {
    const [showing, buyer] = [await on.platform.showing({ minutes: 20 }), await on.platform.user(1000)];
    const { codes } = await on.platform.tickets(buyer.email, showing.schedule, showing.seats.slice(0, 2));
    const visitor = await signedIn(size, await on.platform.staff(showing.venue));
    const { page } = visitor;
    await visitor.go(`/door/${showing.schedule}`);
    const scan = async (code: string) => {
      await page.getByLabel("Without a camera: the code of the ticket").fill(code);
      await page.getByRole("button", { name: "Check" }).click();
    };
    await scan(codes[0] ?? "");
    await page.getByText("ADMIT", { exact: true }).waitFor();
    await scan(codes[0] ?? "");
    await page.getByText("Somebody was admitted with this ticket already.").waitFor();

    await visitor.context.setOffline(true);
    await page.getByText("Offline", { exact: true }).waitFor();
    await scan(codes[1] ?? "");
    await page.getByText("ADMIT", { exact: true }).waitFor();
    await page.getByText("1 scan waits").waitFor();
    await scan(codes[1] ?? "");
    await page.getByText("DO NOT ADMIT").waitFor();

    // The network is back before the server hears of it, which would admit once more.
    await page.route("**/tickets/scans", (upload) => upload.abort());
    await page.reload();
    await visitor.context.setOffline(false);
    await page.reload();
    await scan(codes[1] ?? "");
    await page.getByText("DO NOT ADMIT").waitFor();
    await page.unroute("**/tickets/scans");
    await page.getByText("Online", { exact: true }).waitFor({ timeout: 30_000 });
    await page.getByText("1 scan waits").waitFor({ state: "detached", timeout: 30_000 });
    await visitor.leave();
  });
});

test("nothing of all this broke a promise", async () => {
  await on.platform.check();
});

/** What a camera sees of the phone's screen, opened at the first ticket: some equal pictures, which Chromium shows again and again. */
async function filmed(page: Page): Promise<Buffer> {
  await page.getByRole("button", { name: "Show at the door" }).click();
  await page
    .getByRole("dialog")
    .getByRole("img", { name: /^QR code/ })
    .waitFor();
  await page.setViewportSize({ width: 640, height: 720 });
  const picture = await page.screenshot({ type: "jpeg", quality: 90, scale: "css" });
  return Buffer.concat(Array.from({ length: 10 }, () => picture));
}

/** A picture that the browser itself draws: no file of a test lies in the repository. */
async function poster() {
  const page = await on.browser.newPage({ viewport: { width: 400, height: 600 } });
  await page.setContent("<body style='background: linear-gradient(#b5173a, #14131a)'><h1>Poster</h1></body>");
  const buffer = await page.screenshot({ type: "png" });
  await page.close();
  return { name: "poster.png", mimeType: "image/png", buffer };
}
