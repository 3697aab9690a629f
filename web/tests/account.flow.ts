import { readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { eachSize, payOnCardPage, type Size, Visitor } from "./browser";
import { stage } from "./setup";

const on = stage();
const come = (size: Size) => Visitor.come(on.browser, on.platform.url, { size });

describe.each(eachSize)("on a %s", (size) => {
  test("who has too little in the wallet tops it up by card, and is led back to pay from it", async () => {
    const [user, showing] = [await on.platform.user(), await on.platform.showing()];
    const { id } = await on.platform.hold(user.email, showing.schedule, showing.seats.slice(0, 2));
    const visitor = await come(size);
    const { page } = visitor;
    await visitor.signIn(user);
    await visitor.go(`/checkout/${id}`);
    await page.getByText("₹200 short").waitFor();
    await page.getByRole("link", { name: "Top up ₹200" }).click();
    const amount = page.getByRole("textbox", { name: "Amount" });
    expect(await amount.inputValue()).toBe("₹200");
    await amount.fill("10");
    await page.getByRole("button", { name: "Top up" }).click();
    await page.getByText(/^Choose an amount from/).waitFor();
    await amount.fill("750");
    await page.getByRole("button", { name: "Top up ₹750" }).click();
    await payOnCardPage(page);
    await page.getByRole("heading", { name: "₹750 in your wallet" }).waitFor();
    await page.getByRole("link", { name: "Go on where you were" }).click();
    await page.waitForURL(`**/checkout/${id}`);
    await page.getByText("₹750 in it").waitFor();
    await page.getByRole("button", { name: "Pay ₹200 from the wallet" }).click();
    await page.getByRole("heading", { name: "Your seats are booked" }).waitFor();
    await visitor.expectBalance("₹550");
    const movements = page.getByRole("region", { name: "What came and went" }).getByRole("listitem");
    await movements.filter({ hasText: "Money in" }).getByText("+₹750").waitFor();
    await movements.filter({ hasText: "Paid" }).getByText("−₹200").waitFor();
    await visitor.leave();
  });

  test("a visit is an entry in the calendar", async () => {
    const [user, showing] = [await on.platform.user(1000), await on.platform.showing()];
    const { booking } = await on.platform.tickets(user.email, showing.schedule, showing.seats.slice(0, 2));
    const visitor = await come(size);
    await visitor.signIn(user);
    await visitor.go(`/bookings/${booking}`);
    const [entry] = await Promise.all([
      visitor.page.waitForEvent("download"),
      visitor.page.getByRole("button", { name: "Add to calendar" }).click(),
    ]);
    expect(entry.suggestedFilename()).toBe(`ticket-show-${booking}.ics`);
    const lines = (await readFile(await entry.path(), "utf8")).split("\r\n");
    expect(lines[0]).toBe("BEGIN:VCALENDAR");
    expect(lines).toContainEqual(expect.stringMatching(/^DTSTART/));
    expect(lines.find((line) => line.startsWith("SUMMARY"))).toContain(showing.title);
    await visitor.leave();
  });

  test("name and city, language and appearance are changed, and stay", async () => {
    const visitor = await come(size);
    const { page } = visitor;
    await visitor.signIn(await on.platform.user());
    await visitor.go("/profile");
    await page.getByLabel("Name").fill("Asha of the tests");
    await page.locator("main").getByLabel("City").selectOption("Pune");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("Saved.").waitFor();
    await page.getByRole("radiogroup", { name: "Appearance" }).getByText("Dark").click();
    await page.getByRole("radiogroup", { name: "Language" }).getByText("हिन्दी").click();
    await page.getByRole("heading", { level: 1, name: "प्रोफ़ाइल" }).waitFor();
    await page.reload();
    await page.getByRole("heading", { level: 1, name: "प्रोफ़ाइल" }).waitFor();
    expect(await page.locator("html").getAttribute("data-mantine-color-scheme")).toBe("dark");
    await expect.poll(() => page.locator("input[autocomplete=name]").inputValue()).toBe("Asha of the tests");
    await visitor.go("/");
    await page.getByRole("article").first().waitFor();
    expect(await page.locator("main select").inputValue()).toBe("Pune");
    await visitor.leave();
  });

  test("a password is changed by who knows it, and the old one opens nothing any more", async () => {
    const user = await on.platform.user();
    const visitor = await come(size);
    const { page } = visitor;
    await visitor.signIn(user);
    await visitor.go("/profile");
    const change = async (current: string, next: string) => {
      await page.getByLabel("Current password").fill(current);
      await page.getByLabel("New password").fill(next);
      await page.getByRole("button", { name: "Change the password" }).click();
    };
    await change("not this one", "a staple of horses");
    await page.getByText("This is not your current password.").waitFor();
    await change(user.password, "a staple of horses");
    await page.getByText("Your password is changed").waitFor();
    await page.locator("main").getByRole("button", { name: "Sign out" }).click();
    await page.waitForURL((where) => where.pathname === "/");
    await visitor.go("/sign-in");
    await visitor.fillSignIn(user);
    await page.getByRole("alert").waitFor();
    await visitor.fillSignIn({ ...user, password: "a staple of horses" });
    await page.waitForURL((where) => where.pathname === "/");
    await page.getByRole("button", { name: "Your account" }).waitFor();
    await visitor.leave();
  });
});

test("nothing of all this broke a promise", async () => {
  await on.platform.check();
});
