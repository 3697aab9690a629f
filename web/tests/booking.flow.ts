import { describe, expect, test } from "vitest";
import { eachSize, payOnCardPage, type Size, Visitor } from "./browser";
import { stage } from "./setup";

const on = stage();
const come = (size: Size) => Visitor.come(on.browser, on.platform.url, { size });

/** Somebody who has picked two seats of a showing of its own; nobody was asked who they are. */
async function pickTwo(size: Size, schedule: number) {
  const visitor = await come(size);
  await visitor.go(`/showings/${schedule}`);
  await visitor.page.getByRole("gridcell", { name: /Row A, seat 3, free/ }).click();
  await visitor.page.getByRole("gridcell", { name: /Row A, seat 4, free/ }).click();
  return visitor;
}

const bookingOf = (visitor: Visitor) => Number(new URL(visitor.page.url()).pathname.split("/").pop());

/** The same, with the seats held: the checkout of somebody who signed in on the way. */
async function checkOut(size: Size, wallet?: number) {
  const [user, showing] = [await on.platform.user(wallet), await on.platform.showing()];
  const visitor = await pickTwo(size, showing.schedule);
  await visitor.page.getByRole("button", { name: "Continue" }).click();
  await visitor.fillSignIn(user);
  await visitor.page.waitForURL(/\/checkout\/\d+$/);
  return { visitor, user, showing };
}

const seesTicketsAfter = (visitor: Visitor) =>
  visitor.page.getByRole("heading", { name: "Your seats are booked" }).waitFor();

describe.each(eachSize)("on a %s", (size) => {
  test("from what plays to two seats, found by anybody who has never been here", async () => {
    const user = await on.platform.user(5000);
    const visitor = await come(size);
    const { page } = visitor;
    await visitor.go("/");
    await page.getByRole("article").first().getByRole("link").click();
    await page.getByRole("tab").nth(1).click();
    await page.getByRole("tabpanel").getByRole("link", { name: /₹/ }).first().click();
    await page.getByRole("button", { name: "Best seats" }).click();
    await page.getByRole("button", { name: "Continue" }).click();
    await visitor.fillSignIn(user);
    await page.getByRole("button", { name: /from the wallet$/ }).click();
    await seesTicketsAfter(visitor);
    await visitor.leave();
  });

  test("two seats are paid from the wallet, and their tickets are codes", async () => {
    const { visitor, user } = await checkOut(size, 1000);
    const { page } = visitor;
    await page.getByRole("button", { name: /from the wallet$/ }).click();
    await seesTicketsAfter(visitor);
    await page.getByRole("link", { name: "Show my tickets" }).click();
    await page.getByRole("img", { name: "QR code of the ticket for seat A3" }).waitFor();
    await page.getByRole("img", { name: "QR code of the ticket for seat A4" }).waitFor();
    const [papers] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: "Save as PDF" }).click(),
    ]);
    expect(papers.suggestedFilename()).toMatch(/\.pdf$/);
    await expect.poll(async () => (await on.platform.mails(user.email)).length, { timeout: 15_000 }).toBeGreaterThan(0);
    await visitor.leave();
  });

  test("two seats are paid by card on the provider's page", async () => {
    const { visitor } = await checkOut(size);
    await visitor.page.getByRole("button", { name: /by card$/ }).click();
    await payOnCardPage(visitor.page);
    await visitor.page.waitForURL(/\/checkout\/\d+/);
    await seesTicketsAfter(visitor);
    await visitor.leave();
  });

  test("a declined card tells so, and the page can be paid from the wallet instead", async () => {
    const { visitor } = await checkOut(size, 1000);
    const { page } = visitor;
    const checkout = page.url();
    await page.getByRole("button", { name: /by card$/ }).click();
    await payOnCardPage(page, "4000000000000002");
    await page.goto(checkout);
    await page.getByRole("button", { name: "Go on paying by card" }).waitFor();
    await page.getByRole("button", { name: /from the wallet$/ }).click();
    await seesTicketsAfter(visitor);
    await visitor.leave();
  });

  test("what was begun is gone on with after a reload, and on another device", async () => {
    const { visitor, user } = await checkOut(size, 1000);
    const id = bookingOf(visitor);
    await visitor.page.reload();
    await visitor.page.getByRole("button", { name: /from the wallet$/ }).waitFor();
    const elsewhere = await come(size);
    await elsewhere.signIn(user);
    await elsewhere.page.getByRole("link", { name: "Pay now" }).click();
    await elsewhere.page.waitForURL(`**/checkout/${id}`);
    await elsewhere.page.getByRole("button", { name: /from the wallet$/ }).click();
    await seesTicketsAfter(elsewhere);
    await seesTicketsAfter(visitor);
    await elsewhere.leave();
    await visitor.leave();
  });

  test("a hold that ends says so, and leads back to the seats", async () => {
    const { visitor, showing } = await checkOut(size, 1000);
    await on.platform.endHold(bookingOf(visitor));
    await visitor.page.reload();
    await visitor.page.getByRole("heading", { name: "The hold ran out" }).waitFor();
    await visitor.page.getByRole("link", { name: "Choose seats again" }).click();
    await visitor.page.waitForURL(`**/showings/${showing.schedule}`);
    await visitor.leave();
  });

  test.each([
    ["wallet", /from the wallet$/, /back in your wallet/],
    ["card", /by card$/, /sent back to your card/],
  ])("a booking that was paid by %s is cancelled, and its money comes back there", async (method, pay, back) => {
    const { visitor } = await checkOut(size, method === "wallet" ? 1000 : undefined);
    const { page } = visitor;
    await page.getByRole("button", { name: pay }).click();
    if (method === "card") await payOnCardPage(page);
    await seesTicketsAfter(visitor);
    await page.getByRole("link", { name: "Show my tickets" }).click();
    await page.getByRole("button", { name: "Cancel booking" }).click();
    await page.getByRole("button", { name: /^Cancel and refund/ }).click();
    await page.getByText(back).first().waitFor({ timeout: 30_000 });
    await visitor.leave();
  });
});

test("nothing of all this broke a promise", async () => {
  await on.platform.check();
});
