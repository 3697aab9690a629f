import type { Changes, Snapshot } from "./seat-news";

export interface SeatListener {
  onSnapshot: (snapshot: Snapshot) => void;
  onChanges: (changes: Changes) => void;
  onClosed: () => void;
  /** Whether what is told is up to date; false from the first moment without a connection. */
  onLive: (live: boolean) => void;
}

const firstPauseMs = 1_000;
const longestPauseMs = 30_000;
/** A connection may die unseen while a phone sleeps: after that long out of sight it is made anew. */
const trustedOutOfSightMs = 20_000;

/**
 * Tells how the seats of a showing change, until the answer is called. The browser takes up a stream that breaks where it broke, by
 * the id of the last event. A stream that is refused is asked for again, each time later; that one begins with a snapshot.
 */
export function followSeats(scheduleId: number, listener: SeatListener): () => void {
  let source: EventSource | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let refusals = 0;
  let hiddenAt: number | undefined;

  const heard = () => {
    refusals = 0;
    listener.onLive(true);
  };
  const open = () => {
    clearTimeout(timer);
    source?.close();
    source = new EventSource(`/api/v1/bookings/schedule/${scheduleId}/seats/stream`);
    source.addEventListener("snapshot", ({ data }) => {
      listener.onSnapshot(JSON.parse(data));
      heard();
    });
    source.addEventListener("seats", ({ data }) => {
      listener.onChanges(JSON.parse(data));
      heard();
    });
    source.addEventListener("closed", () => {
      listener.onClosed();
      heard();
    });
    source.addEventListener("error", onError);
  };
  const onError = () => {
    listener.onLive(false);
    if (source?.readyState !== EventSource.CLOSED) return; // the browser tries again by itself
    clearTimeout(timer);
    timer = setTimeout(open, pauseAfter(refusals++, Math.random()));
  };
  const onVisibility = () => {
    if (document.visibilityState === "hidden") {
      hiddenAt = performance.now();
    } else if (hiddenAt !== undefined && performance.now() - hiddenAt > trustedOutOfSightMs) {
      listener.onLive(false);
      open();
    }
  };

  open();
  document.addEventListener("visibilitychange", onVisibility);
  window.addEventListener("online", open);
  return () => {
    document.removeEventListener("visibilitychange", onVisibility);
    window.removeEventListener("online", open);
    clearTimeout(timer);
    source?.close();
  };
}

/** Doubles with each refusal; spread by `random` (0 … 1), so that those who lost a server do not come back in one moment. */
export function pauseAfter(refusals: number, random: number): number {
  return Math.min(longestPauseMs, firstPauseMs * 2 ** refusals) * (0.5 + random / 2);
}
