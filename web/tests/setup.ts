import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll } from "vitest";
import { openBrowser } from "./browser";
import { Platform } from "./platform";

/** The platform and the browser of one file of flows; they are there when its first flow begins. */
export function stage(options: { posters?: boolean } = {}): { platform: Platform; browser: Browser } {
  const stage = {} as { platform: Platform; browser: Browser };
  beforeAll(async () => {
    stage.platform = await Platform.start(mkdtempSync(join(tmpdir(), "ticketshow-web-")), options.posters);
    stage.browser = await openBrowser();
  });
  afterAll(async () => {
    await stage.browser?.close();
    await stage.platform?.stop();
  });
  return stage;
}
