import { useSyncExternalStore } from "react";
import { isTemporary } from "@/api/errors";

/** Whether the server answers. The browser only knows whether there is some network; what counts is the last answer. */
let online = navigator.onLine;
const listeners = new Set<() => void>();

function set(now: boolean): void {
  if (online === now) return;
  online = now;
  for (const listener of listeners) listener();
}

export const isOnline = () => online;
export const noteAnswer = () => set(true);
window.addEventListener("offline", () => set(false));

/** Takes note of an error if it means that no server answers; tells whether it does. */
export function noteError(error: unknown): boolean {
  const isNoAnswer = isTemporary(error) || (error instanceof DOMException && error.name === "TimeoutError");
  if (isNoAnswer) set(false);
  return isNoAnswer;
}

export function useOnline(): boolean {
  return useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, isOnline);
}
