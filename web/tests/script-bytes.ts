import { statSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";

/** What the first visit of the landing page may load of script, packed. */
export const mostScriptBytes = 150_000;

/** Counts the packed bytes of all scripts that `page` loads from now on, each once; answers with how to read the sum. */
export function countScriptBytes(page: Page): () => number {
  const scripts = new Set<string>();
  page.on("response", (response) => {
    if (response.request().resourceType() === "script") scripts.add(new URL(response.url()).pathname);
  });
  return () => [...scripts].reduce((sum, path) => sum + packedSize(path), 0);
}

/** As the gateway sends it to a browser that takes Brotli; small files are not packed. */
function packedSize(path: string): number {
  const file = join(import.meta.dirname, "../dist", path);
  return statSync(`${file}.br`, { throwIfNoEntry: false })?.size ?? statSync(file).size;
}
