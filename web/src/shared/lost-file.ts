/**
 * Files of the app that did not come when they were needed: there is no network, or a new version took their place. Browsers say that
 * with a TypeError of their own words, so it is noted where the import fails.
 */
const lost = new WeakSet<Error>();

window.addEventListener("vite:preloadError", ({ payload }) => lost.add(payload));

/** Whether `error` is that of a file that did not come; the page loaded anew has it, or a newer one. */
export function isLostFile(error: unknown): boolean {
  return error instanceof Error && lost.has(error);
}
