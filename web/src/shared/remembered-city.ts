/** Where this browser keeps the city, as JSON. */
export const cityKey = "ticketshow.city";

/** The city that was chosen in this browser; null is every city. */
export function rememberedCity(): string | null {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(cityKey) ?? "null");
    return typeof kept === "string" ? kept : null;
  } catch {
    return null;
  }
}
