import { describe, expect, test } from "vitest";
import { eachSize, Visitor } from "./browser";
import { stage } from "./setup";

const on = stage();

describe.each(eachSize)("on a %s", (size) => {
  test("a seat that somebody else holds turns grey within a second, and free again when it is given back", async () => {
    const [showing, rival] = [await on.platform.showing(), await on.platform.user()];
    const visitor = await Visitor.come(on.browser, on.platform.url, { size });
    const { page } = visitor;
    await visitor.go(`/showings/${showing.schedule}`);
    await page.getByRole("gridcell", { name: /Row A, seat 1, free/ }).waitFor();
    await page.waitForTimeout(500); // the stream is open then
    const held = await on.platform.hold(rival.email, showing.schedule, showing.seats.slice(0, 1));
    await page.getByRole("gridcell", { name: "Row A, seat 1, held by somebody else" }).waitFor({ timeout: 1000 });
    await on.platform.giveBack(rival.email, held.id);
    await page.getByRole("gridcell", { name: /Row A, seat 1, free/ }).waitFor({ timeout: 1000 });
    await visitor.leave();
  });

  test("of two who want one seat one gets it; the other is told which went, and keeps the rest", async () => {
    const showing = await on.platform.showing();
    const [first, second] = await Promise.all(
      [0, 1].map(async () => {
        const visitor = await Visitor.come(on.browser, on.platform.url, { size });
        await visitor.signIn(await on.platform.user(1000));
        await visitor.go(`/showings/${showing.schedule}`);
        return visitor;
      }),
    );
    if (!first || !second) throw new Error("There are two.");
    await first.page.getByRole("gridcell", { name: /Row B, seat 2, free/ }).click();
    for (const number of [2, 3]) {
      await second.page.getByRole("gridcell", { name: new RegExp(`Row B, seat ${number}, free`) }).click();
    }
    const go = (visitor: Visitor) => visitor.page.getByRole("button", { name: "Continue" }).click();
    await go(first);
    await first.page.waitForURL(/\/checkout\//);
    await second.page.getByText("Somebody was quicker").waitFor();
    await second.page.getByRole("gridcell", { name: "Row B, seat 2, held by somebody else" }).waitFor();
    await second.page.getByRole("gridcell", { name: /Row B, seat 3, picked/ }).waitFor();
    await go(second);
    await second.page.waitForURL(/\/checkout\//);
    await second.page
      .getByText(/Seat B3/)
      .first()
      .waitFor();
    await first.leave();
    await second.leave();
  });

  test("seats are picked by the keyboard alone, and named as one moves", async () => {
    const showing = await on.platform.showing();
    const visitor = await Visitor.come(on.browser, on.platform.url, { size });
    const { page } = visitor;
    await visitor.go(`/showings/${showing.schedule}`);
    await page.getByRole("gridcell", { name: /Row A, seat 1, free/ }).focus();
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Space");
    await page.getByRole("gridcell", { name: /Row B, seat 2, picked/ }).waitFor();
    expect(await page.evaluate(() => document.activeElement?.getAttribute("aria-label"))).toMatch(/Row B, seat 2/);
    await visitor.leave();
  });
});
