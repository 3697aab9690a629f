import type { NotificationData } from "@mantine/notifications";
import { useSyncExternalStore } from "react";

let isWanted = false;
const listeners = new Set<() => void>();

/** A note that comes and goes at the top of the page, for what needs no answer. Its code is loaded with the first one. */
export async function notify(note: NotificationData): Promise<void> {
  const { notifications } = await import("@mantine/notifications");
  notifications.show({ withCloseButton: false, ...note });
  isWanted = true;
  for (const listener of listeners) listener();
}

/** Whether there has been a note, so that there must be a place for notes. */
export function useHasNotes(): boolean {
  return useSyncExternalStore(subscribe, () => isWanted);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
