import { describe, expect, test } from "vitest";
import { eachSize, keepPicture, type Theme, Visitor } from "./browser";
import { countScriptBytes, mostScriptBytes } from "./script-bytes";
import { stage } from "./setup";

const mostShift = 0.05; // of what the Web Vitals call good, half

const on = stage({ posters: true });

describe.each(eachSize)("on a %s", (size) => {
  test.each<Theme>(["light", "dark"])(
    "every page of those who book is accessible and stays in its place, %s",
    async (theme) => {
      const [user, showing] = [await on.platform.user(5000), await on.platform.showing()];
      const { booking } = await on.platform.tickets(user.email, showing.schedule, showing.seats.slice(4, 6));
      const held = await on.platform.hold(user.email, showing.schedule, showing.seats.slice(7, 9));
      const visitor = await Visitor.come(on.browser, on.platform.url, { size, theme });
      const look = async (name: string, path: string) => {
        await visitor.go(path);
        await visitor.page.locator("h1").first().waitFor();
        await visitor.page.waitForTimeout(800); // streams stay open: the network is never idle on some pages
        await visitor.expectAccessible();
        expect(await visitor.shift(), `layout shift of ${path}`).toBeLessThan(mostShift);
        await keepPicture(visitor.page, `${name}-${size}-${theme}`);
      };
      await look("landing", "/");
      await look("show", "/shows/1");
      await look("search", "/search?q=mon");
      await look("venue", "/venues/1");
      await look("seats", `/showings/${showing.schedule}`);
      await look("not-found", "/nowhere");
      await look("sign-in", "/sign-in");
      await visitor.signIn(user);
      await look("checkout", `/checkout/${held.id}`);
      await look("bookings", "/bookings");
      await look("booking", `/bookings/${booking}`);
      await look("wallet", "/wallet");
      await look("profile", "/profile");
      await visitor.leave();
    },
  );

  test.each<Theme>(["light", "dark"])(
    "the header is there before the scripts of the app, as the app draws it, %s",
    async (theme) => {
      const visitor = await Visitor.come(on.browser, on.platform.url, { size, theme });
      const { page } = visitor;
      const header = page.locator("header");
      const name = header.getByText("Ticket Show");
      const looks = async () => ({
        places: [await header.boundingBox(), await name.boundingBox()],
        border: await header.evaluate((drawn) => getComputedStyle(drawn).borderBottom),
        text: await name.evaluate((drawn) => getComputedStyle(drawn).color),
        body: await page.evaluate(() => getComputedStyle(document.body).backgroundColor),
      });
      let release = () => {};
      const held = new Promise<void>((resolve) => {
        release = resolve;
      });
      await page.route("**/assets/*.js", (route) => held.then(() => route.continue()));
      await visitor.go("/", "commit");
      await expect
        .poll(() => page.evaluate(() => performance.getEntriesByName("first-contentful-paint").length))
        .toBe(1);
      const early = await looks();
      release();
      await page.locator("#root h1").waitFor();
      expect(await looks()).toEqual(early);
      await visitor.leave();
    },
  );

  test.each<Theme>(["light", "dark"])(
    "what plays is there before the app, where the app draws it, and leads on, %s",
    async (theme) => {
      const visitor = await Visitor.come(on.browser, on.platform.url, { size, theme, locale: "hi-IN" });
      const { page } = visitor;
      const looks = async () => ({
        headings: await page.getByRole("heading").allTextContents(),
        places: await page.getByRole("article").evaluateAll((cards) =>
          cards.map((card) => {
            const { x, y } = card.getBoundingClientRect();
            const link = card.querySelector("a") as HTMLAnchorElement;
            const { color, fontSize } = getComputedStyle(link);
            return [link.href, x, y, card.querySelector("img")?.currentSrc, color, fontSize];
          }),
        ),
      });
      let release = () => {};
      const held = new Promise<void>((resolve) => {
        release = resolve;
      });
      await page.route("**/assets/frame-*.js", (route) => held.then(() => route.continue()));
      await visitor.go("/", "commit");
      await page.locator("#early article").nth(4).waitFor(); // after the first four, which come alone
      await page.waitForTimeout(300); // the posters are on their way
      const early = await looks();
      await visitor.expectAccessible();
      await keepPicture(page, `early-${size}-${theme}`);
      release();
      await page.locator("#root h1").waitFor();
      expect(await looks()).toEqual(early);
      expect(await visitor.shift()).toBeLessThan(mostShift);
      await visitor.leave();

      const other = await Visitor.come(on.browser, on.platform.url, { size, theme });
      await other.page.route("**/assets/frame-*.js", (route) => route.abort());
      await other.page.route("**/posters/**", (route) => route.abort());
      await other.go("/", "commit");
      await other.page
        .locator("#early article")
        .nth(early.places.length - 1)
        .waitFor();
      await other.page.locator("#early a").first().click();
      await other.page.waitForURL("**/shows/*");
      await other.context.close(); // without its scripts the page complains, and rightly
    },
  );

  test.each(["en-IN", "hi-IN"])("the first visit loads no more script than it may, in %s", async (locale) => {
    const visitor = await Visitor.come(on.browser, on.platform.url, { size, locale });
    const bytes = countScriptBytes(visitor.page);
    await visitor.go("/");
    await visitor.page.getByRole("article").first().waitFor();
    await visitor.page.waitForLoadState("networkidle");
    expect(bytes()).toBeGreaterThan(mostScriptBytes / 2);
    expect(bytes()).toBeLessThanOrEqual(mostScriptBytes);
    await visitor.leave();
  });

  test("what one types is found as one types, though misspelt, in the city one chose", async () => {
    const visitor = await Visitor.come(on.browser, on.platform.url, { size });
    const { page } = visitor;
    await visitor.go("/search");
    const field = page.getByRole("searchbox");
    const shows = page.getByRole("region", { name: "Shows" });
    await field.pressSequentially("monsoon", { delay: 30 });
    await shows.getByRole("link", { name: "Monsoon Express" }).waitFor();
    await shows.getByRole("link", { name: "The Second Monsoon" }).waitFor();
    await page.waitForURL("**/search?q=monsoon");
    await field.fill("lihgthuose");
    await shows.getByRole("link", { name: "The Lighthouse Keeper's Atlas" }).waitFor();
    await page.getByRole("link", { name: "lighthouse", exact: true }).click();
    await expect.poll(() => field.inputValue()).toBe("lighthouse");
    await field.fill("regal");
    const cinemas = page.getByRole("region", { name: "Cinemas" });
    await cinemas.getByRole("link", { name: "Regal Talkies" }).waitFor();
    await page.getByLabel("City").selectOption("Pune");
    await page.getByText("Only Pune was searched.").waitFor();
    await page.reload();
    expect(await page.getByLabel("City").inputValue()).toBe("Pune");
    await page.getByLabel("City").selectOption("Mumbai");
    await cinemas.getByRole("link", { name: "Regal Talkies" }).waitFor();
    await field.press("ArrowDown");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { level: 1, name: "Regal Talkies" }).waitFor();
    await visitor.leave();
  });

  test("the page speaks Hindi to whoever's browser does, and changes when one chooses", async () => {
    const visitor = await Visitor.come(on.browser, on.platform.url, { size, locale: "hi-IN" });
    const { page } = visitor;
    await visitor.go("/");
    await page.getByRole("heading", { name: "सिनेमा में क्या चल रहा है" }).waitFor();
    await page.getByRole("button", { name: "मेन्यू" }).click();
    await page.getByRole("menu").getByText("English").click();
    await page.getByRole("heading", { name: "What plays in the cinema" }).waitFor();
    expect(await page.locator("html").getAttribute("lang")).toBe("en");
    await page.reload();
    await page.getByRole("heading", { name: "What plays in the cinema" }).waitFor();
    await visitor.leave();
  });
});
