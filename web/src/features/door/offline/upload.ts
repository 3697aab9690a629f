import type { Api } from "@/api/types";
import type { DoorStore } from "./store";

/** The most scans of one request. */
const batch = 100;

type Send = (scans: Api["offline_scan"][]) => Promise<Api["uploaded_scans"]>;

/**
 * Tells the server of all that waits of one venue. Whatever is cut off is told again: a scan counts once. Throws what `send` throws;
 * what was told until then stays told.
 */
export async function uploadWaiting(store: DoorStore, venueId: number, send: Send): Promise<void> {
  for (;;) {
    const scans = (await store.waiting()).filter((admission) => admission.venueId === venueId).slice(0, batch);
    if (scans.length === 0) return;
    const told = await send(
      scans.map(({ scanId, code, at, scheduleId }) => ({
        scan_id: scanId,
        code,
        scanned_at: at,
        schedule_id: scheduleId,
      })),
    );
    const results = new Map(told.results.map((result) => [result.scan_id, result]));
    let progress = false;
    for (const { ticket, scanId } of scans) {
      const answer = results.get(scanId);
      if (!answer) continue;
      const isFine = !answer.conflict && answer.result.outcome === "ADMITTED";
      await store.noteTold(ticket, isFine ? undefined : answer.result.outcome);
      progress = true;
    }
    if (!progress) throw new Error("The server's answer names none of the scans that it was told of.");
  }
}
