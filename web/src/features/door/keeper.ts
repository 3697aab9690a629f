import { newId } from "@/shared/new-id";

/** Who keeps the doors with this browser: remembered, because without a network nobody can be asked. */
export interface Keeper {
  userId: number;
  venueId: number;
}
const keeperKey = "ticketshow.door.keeper";
const deviceKey = "ticketshow.door.device";

export function rememberedKeeper(): Keeper | undefined {
  try {
    return JSON.parse(localStorage.getItem(keeperKey) ?? "null") ?? undefined;
  } catch {
    return undefined; // written by something else: as if nobody were remembered
  }
}

export function rememberKeeper(keeper: Keeper | undefined): void {
  if (keeper) localStorage.setItem(keeperKey, JSON.stringify(keeper));
  else localStorage.removeItem(keeperKey);
}

/** What this device is called at other doors: the same until the browser's data is deleted. */
export function deviceName(): string {
  const known = localStorage.getItem(deviceKey);
  if (known) return known;
  const made = `scanner-${newId().slice(0, 8)}`;
  localStorage.setItem(deviceKey, made);
  return made;
}
