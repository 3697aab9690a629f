import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { eachSize, keepPicture, openBrowser, type Size, Visitor } from "./browser";
import { stage } from "./setup";

const on = stage();

/** The pages of those who run the house, and what their pictures are called. */
const housePages = {
  house: "",
  shows: "/shows",
  "house-show": "/shows/1",
  venues: "/venues",
  "house-venue": "/venues/1",
  calendar: "/calendar",
  reports: "/reports",
  operations: "/operations",
};

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

    await customer.expectBalance("₹1,000");
    await customer.leave();
    await visitor.leave();
  });

  test("an admin makes a venue and its screen, which can be planned at once", async () => {
    const visitor = await signedIn(size, on.platform.sample("ADMIN"));
    const { page } = visitor;
    const name = `Hall of a ${size} ${Date.now()}`;
    await visitor.go("/admin/venues/new");
    await page.getByRole("button", { name: "Make the venue" }).click();
    await page.getByText("Please fill this in.").first().waitFor();
    await page.getByLabel(/^Name/).fill(name);
    await page.getByLabel(/^Address/).fill("1 Test Road");
    await page.getByLabel(/^City/).fill("Testville");
    await page.getByLabel(/^Opens/).fill("09:00");
    await page.getByLabel(/^Closes/).fill("23:30");
    await page.getByRole("button", { name: "Make the venue" }).click();
    await page.waitForURL(/\/admin\/venues\/\d+$/);
    const id = page.url().split("/").pop();
    await page.getByText(/^Testville · Open from/).waitFor();
    await page.getByRole("button", { name: "Add a screen" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel(/^Name/).fill("Small hall");
    await dialog.getByLabel(/^Seats\b(?! in)/).fill("32");
    await dialog.getByLabel(/^Seats in a row/).fill("10");
    await dialog.getByRole("img", { name: "32 seats in 4 rows of 10" }).waitFor();
    await dialog.getByRole("button", { name: "Add a screen" }).click();
    const screen = page.getByRole("article").filter({ hasText: "Small hall" });
    await screen.getByText("32 seats, 4 rows of 10").waitFor();
    await screen.getByRole("link", { name: "Calendar" }).click();
    await page.getByRole("button", { name: "Plan several" }).waitFor();
    expect(new URL(page.url()).searchParams.get("venue")).toBe(id);
    await visitor.go(`/venues/${id}`);
    await page.getByRole("heading", { level: 1, name }).waitFor();
    await visitor.leave();
  });

  test("who booked a showing is listed; it is cancelled, and a venue closed, with all money given back", async () => {
    const [showing, other] = [await on.platform.showing(), await on.platform.showing()];
    const buyer = await on.platform.user(1000);
    const first = await on.platform.tickets(buyer.email, showing.schedule, showing.seats.slice(0, 2));
    await on.platform.tickets(buyer.email, other.schedule, other.seats.slice(0, 3));
    const visitor = await signedIn(size, on.platform.sample("ADMIN"));
    const { page } = visitor;
    const figure = (label: string) =>
      page
        .locator("dl > div")
        .filter({ has: page.getByText(label, { exact: true }) })
        .locator("dd")
        .first();
    const cancel = async (action: string, name: string, money: string) => {
      await page.getByRole("button", { name: action }).click();
      const dialog = page.getByRole("dialog");
      await dialog.getByText(money, { exact: true }).waitFor();
      const sure = dialog.getByRole("button", { name: action });
      expect(await sure.isDisabled()).toBe(true);
      await dialog.getByRole("textbox").fill(name);
      await sure.click();
    };
    const allIsGivenBack = async (money: string) => {
      await page.getByText("Everything is done.").waitFor({ timeout: 30_000 });
      expect(await figure("Bookings cancelled").textContent()).toBe("1 of 1");
      expect(await figure("Refunds done").textContent()).toBe("1 of 1");
      expect(await figure("Given back").textContent()).toBe(money);
      expect(await figure("On its way").textContent()).toBe("₹0");
    };

    await visitor.go(`/admin/showings/${showing.schedule}`);
    const sold = page.getByRole("row").filter({ hasText: buyer.email });
    await sold.getByRole("cell", { name: String(first.booking), exact: true }).waitFor();
    await sold.getByRole("cell", { name: "A1, A2" }).waitFor();
    await sold.getByRole("cell", { name: "₹200" }).waitFor();
    await expect.poll(() => figure("Sold").textContent()).toBe("2");
    await visitor.expectAccessibleInBothThemes();
    await cancel("Cancel the showing", showing.title, "₹200");
    await page.getByRole("heading", { name: "This showing is cancelled" }).waitFor();
    await allIsGivenBack("₹200");
    await page.getByLabel("State").selectOption("Cancelled");
    await sold.getByRole("cell", { name: "Cancelled" }).waitFor();

    await visitor.go(`/admin/venues/${other.venue}?part=facts`);
    const venue = (await page.getByRole("heading", { level: 1 }).textContent()) ?? "";
    await cancel("Close the venue", venue, "₹300");
    await page.getByRole("heading", { name: "This venue is closed for good" }).waitFor();
    await allIsGivenBack("₹300");
    await visitor.expectAccessibleInBothThemes();
    const customer = await signedIn(size, buyer);
    await customer.expectBalance("₹1,000");
    await customer.leave();
    await visitor.leave();
  });

  test("the pages of the house show what is there", async () => {
    const visitor = await signedIn(size, on.platform.sample("ADMIN"));
    for (const [name, path] of Object.entries(housePages)) {
      await visitor.go(`/admin${path}`);
      await visitor.page.locator("h1").first().waitFor();
      await visitor.page.waitForLoadState("networkidle");
      expect(await visitor.page.getByText("That did not work").count(), path).toBe(0);
      await visitor.expectAccessibleInBothThemes();
      await keepPicture(visitor.page, `${name}-${size}-light`);
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
    await visitor.go("/door");
    await page.getByRole("link", { name: showing.title }).waitFor();
    await visitor.expectAccessibleInBothThemes();
    await page.getByRole("link", { name: showing.title }).click();
    const scan = async (code: string) => {
      await page.getByLabel("Without a camera: the code of the ticket").fill(code);
      await page.getByRole("button", { name: "Check" }).click();
    };
    await scan(codes[0] ?? "");
    await page.getByText("ADMIT", { exact: true }).waitFor();
    await visitor.expectAccessibleInBothThemes();
    await scan(codes[0] ?? "");
    await page.getByText("Somebody was admitted with this ticket already.").waitFor();
    await visitor.expectAccessibleInBothThemes();

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
