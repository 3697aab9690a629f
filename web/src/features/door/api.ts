import { queryOptions } from "@tanstack/react-query";
import { api, unwrap } from "@/api/client";
import { serverClock } from "@/api/clock";
import type { Api } from "@/api/types";
import { ownKey } from "@/features/session/session";
import { isOnline, noteAnswer, noteError } from "./connection";
import { deviceName } from "./keeper";
import { doorStore } from "./offline/store";
import { uploadWaiting } from "./offline/upload";

export type ScanResult = Api["scan_result"];

/** Somebody waits in front of the door: after this long it is decided without the server. */
const scanPatienceMs = 4_000;
const syncPauseMs = { online: 20_000, offline: 5_000 };

const dayOf = (time: Date) => time.toISOString().slice(0, 10);
const dayMs = 86_400_000;

/** Showings around today, wherever in the world today is; of the last time that there was a network, when there is none. */
export const showingsQuery = (venueId: number) =>
  queryOptions({
    queryKey: [ownKey, "door", "showings", venueId],
    queryFn: async () => {
      const store = await doorStore();
      const now = Date.now();
      const query = { from_date: dayOf(new Date(now - dayMs)), to_date: dayOf(new Date(now + dayMs)) };
      try {
        const showings = await unwrap(
          api.GET("/schedules/venue/{venue_id}", { params: { path: { venue_id: venueId }, query } }),
        );
        noteAnswer();
        await store.keepShowings(venueId, showings);
        return showings;
      } catch (error) {
        const kept = noteError(error) && (await store.showings(venueId));
        if (!kept) throw error;
        return kept;
      }
    },
    networkMode: "always",
    retry: false,
    refetchInterval: 60_000,
  });

/** Asks the server, which alone knows whether a ticket was used. */
export function askServer(code: string, scheduleId: number, scanId: string): Promise<ScanResult> {
  const body = { code, schedule_id: scheduleId, device: deviceName(), scan_id: scanId };
  return unwrap(api.POST("/tickets/scan", { body, signal: AbortSignal.timeout(scanPatienceMs) }));
}

/** Tells the server of what waits and fetches the list of the showing anew; again and again, more often without a network. */
export const syncQuery = (scheduleId: number, venueId: number, onSynced: () => void) =>
  queryOptions({
    queryKey: [ownKey, "door", "sync", scheduleId, venueId],
    queryFn: async () => {
      const store = await doorStore();
      try {
        await uploadWaiting(store, venueId, (scans) =>
          unwrap(api.POST("/tickets/scans", { body: { device: deviceName(), scans } })),
        );
        const params = { path: { id: scheduleId } };
        const manifest = await unwrap(api.GET("/tickets/schedules/{id}/manifest", { params }));
        noteAnswer();
        await store.keepManifest(manifest, new Date(serverClock.now()));
        await store.forgetOld(new Date(serverClock.now()));
      } catch (error) {
        if (!noteError(error)) throw error;
      }
      onSynced();
      return isOnline();
    },
    networkMode: "always",
    retry: false,
    refetchInterval: () => (isOnline() ? syncPauseMs.online : syncPauseMs.offline),
    refetchIntervalInBackground: true,
  });

/** What this device knows of a showing, without asking anybody. */
export const deskQuery = (scheduleId: number) =>
  queryOptions({
    queryKey: [ownKey, "door", "desk", scheduleId],
    queryFn: async () => {
      const store = await doorStore();
      const [kept, admissions, waiting] = await Promise.all([
        store.manifest(scheduleId),
        store.admissionsTo(scheduleId),
        store.waiting(),
      ]);
      return { manifest: kept?.manifest, admissions, waiting: waiting.length };
    },
    networkMode: "always",
    retry: false,
  });
