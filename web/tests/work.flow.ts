import { readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { eachSize, payOnCardPage, type Size, Visitor } from "./browser";
import { stage } from "./setup";

const on = stage();

async function admin(size: Size) {
  const visitor = await Visitor.come(on.browser, on.platform.url, { size });
  await visitor.signIn(on.platform.sample("ADMIN"));
  return visitor;
}

const dayMs = 24 * 60 * 60 * 1000;

describe.each(eachSize)("on a %s", (size) => {
  test("showings are placed on a week, and what overlaps is refused with its reason", async () => {
    const made = await on.platform.showing();
    const week = new Date(Date.now() + 28 * dayMs).toISOString().slice(0, 10);
    const visitor = await admin(size);
    const { page } = visitor;
    await visitor.go(`/admin/calendar?venue=${made.venue}&show=${made.show}&week=${week}`);
    const plan = async (time: string) => {
      await page.getByRole("button", { name: "Plan several" }).click();
      const dialog = page.getByRole("dialog");
      await dialog.getByRole("button", { name: "All days" }).click();
      await dialog.getByLabel("Another time").fill(time);
      await dialog.getByRole("button", { name: "Add", exact: true }).click();
      await dialog.getByRole("button", { name: "Place 7 showings" }).click();
      return dialog;
    };
    const placed = await plan("10:00");
    await placed.getByText("7 of 7 showings placed").waitFor({ timeout: 30_000 });
    await placed.getByRole("button", { name: "Close" }).last().click();
    await page.locator("button[data-showing]").filter({ hasText: made.title }).first().waitFor();
    const refused = await plan("10:30"); // the first is on until half past eleven
    const reasons = refused.getByRole("list", { name: "Not placed" }).getByText(`“${made.title}” is on this screen`);
    await expect.poll(() => reasons.count(), { timeout: 30_000 }).toBe(7);
    await refused.getByText("0 of 7 showings placed").waitFor();
    await visitor.leave();
  });

  test("sales are saved as CSV", async () => {
    const [showing, buyer] = [await on.platform.showing({ minutes: 60 }), await on.platform.user(1000)];
    await on.platform.tickets(buyer.email, showing.schedule, showing.seats.slice(0, 2));
    const visitor = await admin(size);
    const { page } = visitor;
    const [from, to] = [-1, 1].map((days) => new Date(Date.now() + days * dayMs).toISOString().slice(0, 10));
    await visitor.go(`/admin/reports?by=show&from=${from}&to=${to}`);
    await page.getByRole("rowheader", { name: showing.title }).waitFor();
    const [file] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: "Save as CSV" }).click(),
    ]);
    expect(file.suggestedFilename()).toBe(`sales-by-show-${from}-${to}.csv`);
    const line = (await readFile(await file.path(), "utf8")).split("\n").find((row) => row.includes(showing.title));
    expect(line).toContain("200");
    await visitor.leave();
  });

  test("a refund that failed is tried again", async () => {
    const [showing, buyer] = [await on.platform.showing(), await on.platform.user()];
    const booking = await on.platform.hold(buyer.email, showing.schedule, showing.seats.slice(0, 1));
    const customer = await Visitor.come(on.browser, on.platform.url, { size });
    await customer.signIn(buyer);
    await customer.go(`/checkout/${booking.id}`);
    await customer.page.getByRole("button", { name: /by card$/ }).click();
    await payOnCardPage(customer.page);
    await customer.page.getByRole("heading", { name: "Your seats are booked" }).waitFor();
    await on.platform.turn({ refunds: "failed" });
    await on.platform.giveBack(buyer.email, booking.id);

    const visitor = await admin(size);
    const { page } = visitor;
    await visitor.go("/admin/operations");
    const again = page.getByRole("button", { name: "Try again" });
    await again.waitFor({ timeout: 50_000 });
    await on.platform.turn({ refunds: "succeeded" });
    await again.click();
    await page.getByRole("dialog").getByRole("button", { name: "Try again" }).click();
    await page.getByText("The refund is tried again.").waitFor();
    await customer.go(`/bookings/${booking.id}`);
    await customer.page.getByText(/sent back to your card/).waitFor({ timeout: 30_000 });
    await customer.leave();
    await visitor.leave();
  });

  test("a dead letter is replayed, and another given up", async () => {
    const [showing, buyer] = [await on.platform.showing(), await on.platform.user(1000)];
    const { booking } = await on.platform.tickets(buyer.email, showing.schedule, showing.seats.slice(0, 1));
    const [mended, hopeless] = [await on.platform.deadLetter(booking), await on.platform.deadLetter()];
    const visitor = await admin(size);
    const { page } = visitor;
    await visitor.go("/admin/operations");
    const letter = (key: string) => page.getByRole("listitem").filter({ hasText: key });
    const decide = async (key: string, what: string) => {
      await letter(key).getByRole("button", { name: what }).click();
      await page.getByRole("dialog").getByRole("button", { name: what }).click();
      await letter(key).waitFor({ state: "detached" });
    };
    await decide(`About ${mended.key},`, "Replay");
    await decide(`About ${hopeless.key},`, "Drop");
    const customer = await Visitor.come(on.browser, on.platform.url, { size });
    await customer.signIn(buyer);
    await customer.expectBalance("₹1,000");
    await customer.leave();
    await visitor.leave();
  });
});

test("nothing of all this broke a promise", async () => {
  await on.platform.check();
});
