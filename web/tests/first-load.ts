/**
 * What the first visit of the landing page costs, for `./run bench web`: `node first-load.ts URL ROUNDS` prints one line of JSON, the
 * largest contentful paint of each round in milliseconds with a processor four times as slow, the packed bytes of script loaded, and the
 * most they may be.
 */
import { openBrowser } from "./browser.ts";
import { countScriptBytes, mostScriptBytes } from "./script-bytes.ts";

const slowdown = 4;
const [url, rounds] = process.argv.slice(2);
const browser = await openBrowser();
const paints: number[] = [];
let scriptBytes = 0;
for (let round = 0; round < Number(rounds); ++round) {
  const context = await browser.newContext({ viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true });
  const page = await context.newPage();
  const bytes = countScriptBytes(page);
  const session = await context.newCDPSession(page);
  await session.send("Emulation.setCPUThrottlingRate", { rate: slowdown });
  await page.goto(String(url));
  await page.getByRole("article").first().waitFor();
  await page.waitForTimeout(2000); // later paints count too
  paints.push(
    await page.evaluate(
      () =>
        new Promise<number>((resolve) => {
          new PerformanceObserver((list) => resolve(list.getEntries().at(-1)?.startTime ?? 0)).observe({
            type: "largest-contentful-paint",
            buffered: true,
          });
        }),
    ),
  );
  scriptBytes = bytes();
  await context.close();
}
await browser.close();
console.log(JSON.stringify({ paints, scriptBytes, mostScriptBytes }));
