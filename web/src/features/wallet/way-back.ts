import { withinApp } from "@/shared/within-app";

const keyOf = (topUpId: number) => `ticketshow.top-up.${topUpId}.next`;

/** Remembers in this tab where a top-up shall lead on to: the card's page knows only the way to the top-up. */
export function rememberWayBack(topUpId: number, next: string | null): void {
  if (next) sessionStorage.setItem(keyOf(topUpId), next);
}

/** Where a top-up leads on to; nothing when it was begun from the wallet itself. */
export function wayBack(topUpId: number): string | undefined {
  return withinApp(sessionStorage.getItem(keyOf(topUpId)), "") || undefined;
}
