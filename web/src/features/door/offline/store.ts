/** What a door keeps in the browser (IndexedDB), so that it works without a network and no reload loses an admission. */
import { type DBSchema, type IDBPDatabase, openDB } from "idb";
import type { Api } from "@/api/types";
import type { Admission, Manifest } from "./decide";

export type Showing = Api["schedule_view"];

interface DoorData extends DBSchema {
  manifests: { key: number; value: { manifest: Manifest; fetchedAt: string } };
  showings: { key: number; value: Showing[] };
  admissions: { key: string; value: Admission; indexes: { told: 0 | 1; scheduleId: number } };
}

export type DoorStore = Awaited<ReturnType<typeof openDoorStore>>;

const keptDays = 3;

export async function openDoorStore(name = "ticketshow-door") {
  const db = await openDB<DoorData>(name, 1, {
    upgrade(fresh) {
      fresh.createObjectStore("manifests");
      fresh.createObjectStore("showings");
      const admissions = fresh.createObjectStore("admissions", { keyPath: "ticket" });
      admissions.createIndex("told", "told");
      admissions.createIndex("scheduleId", "scheduleId");
    },
  });
  return {
    keepManifest: (manifest: Manifest, now: Date) =>
      db.put("manifests", { manifest, fetchedAt: now.toISOString() }, manifest.schedule_id),
    manifest: (scheduleId: number) => db.get("manifests", scheduleId),
    keepShowings: (venueId: number, showings: Showing[]) => db.put("showings", showings, venueId),
    showings: (venueId: number) => db.get("showings", venueId),

    /** Whoever was let in to a showing at this device. */
    admissionsTo: (scheduleId: number) => db.getAllFromIndex("admissions", "scheduleId", scheduleId),

    /** What this device did with a ticket. */
    admission: (ticket: string) => db.get("admissions", ticket),

    /** Admissions that the server does not know of, the oldest first. */
    waiting: async () =>
      (await db.getAllFromIndex("admissions", "told", 0)).sort((one, other) => one.at.localeCompare(other.at)),

    /**
     * Lets `decide` say by what is known of the ticket whether it admits, and keeps the admission if so; two scans of one ticket, in
     * two tabs even, are decided one after the other.
     */
    async admitOnce<Verdict extends { outcome: string }>(
      admission: Admission,
      decide: (before: Admission | undefined) => Verdict,
    ): Promise<Verdict> {
      const transaction = db.transaction("admissions", "readwrite", { durability: "strict" });
      const verdict = decide(await transaction.store.get(admission.ticket));
      if (verdict.outcome === "ADMITTED") await transaction.store.put(admission);
      await transaction.done;
      return verdict;
    },

    /** Keeps what the server says of an admission; what it was when it was made stays. */
    async noteTold(ticket: string, conflict: Admission["conflict"]): Promise<void> {
      const transaction = db.transaction("admissions", "readwrite");
      const admission = await transaction.store.get(ticket);
      if (admission) await transaction.store.put({ ...admission, told: 1, conflict });
      await transaction.done;
    },

    /** Forgets lists and admissions of days ago; never one that the server does not know of. */
    forgetOld: (now: Date) => forgetOld(db, new Date(now.getTime() - keptDays * 86_400_000).toISOString()),
    close: () => db.close(),
  };
}

async function forgetOld(db: IDBPDatabase<DoorData>, before: string): Promise<void> {
  const transaction = db.transaction(["manifests", "admissions"], "readwrite");
  for await (const kept of transaction.objectStore("manifests")) {
    if (kept.value.fetchedAt < before) await kept.delete();
  }
  for await (const kept of transaction.objectStore("admissions")) {
    if (kept.value.told === 1 && kept.value.at < before) await kept.delete();
  }
  await transaction.done;
}

let opened: Promise<DoorStore> | undefined;
/** The store of this browser. */
export function doorStore(): Promise<DoorStore> {
  opened ??= openDoorStore();
  return opened;
}
