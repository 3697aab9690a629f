/** `path` if it leads to a page of this app, else `otherwise`: what stands in an address may have been written by anybody. */
export function withinApp(path: string | null | undefined, otherwise: string): string {
  if (!path?.startsWith("/")) return otherwise;
  const here = "https://here.invalid";
  try {
    const { origin, pathname, search, hash } = new URL(path, here);
    return origin === here ? pathname + search + hash : otherwise;
  } catch {
    return otherwise;
  }
}
