import "fake-indexeddb/auto";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ConnectionLost } from "@/api/errors";
import type { Api } from "@/api/types";
import type { Admission, Outcome } from "./decide";
import { type DoorStore, openDoorStore } from "./store";
import { uploadWaiting } from "./upload";

let store: DoorStore;
let name: string;
beforeEach(async () => {
  name = `door-${Math.random()}`;
  store = await openDoorStore(name);
});
afterEach(() => store.close());

const admission = (seat: number, changes: Partial<Admission> = {}): Admission => ({
  ticket: `1:${seat}`,
  scanId: `scan-${seat}`,
  code: `code-${seat}`,
  scheduleId: 9,
  venueId: 1,
  seat: `A${seat}`,
  at: new Date(1_800_000_000_000 + seat * 1000).toISOString(),
  told: 0,
  ...changes,
});
const admit = (what: Admission) =>
  store.admitOnce(what, (before) => ({ outcome: before ? "ALREADY_USED" : "ADMITTED" }));

/** A server that keeps what it is told, and answers each scan with the outcome that `says` gives it. */
function server(says: (scanId: string) => Outcome = () => "ADMITTED") {
  const told: string[] = [];
  const send = async (scans: Api["offline_scan"][]): Promise<Api["uploaded_scans"]> => ({
    results: scans.map(({ scan_id }) => {
      told.push(scan_id);
      const outcome = says(scan_id);
      return { scan_id, conflict: outcome !== "ADMITTED", result: { outcome, message: "" } };
    }),
  });
  return { told, send };
}

test("one ticket admits once, also when it is shown twice at the same moment", async () => {
  const verdicts = await Promise.all([admit(admission(1)), admit(admission(1, { scanId: "again" }))]);
  expect(verdicts.map(({ outcome }) => outcome).sort()).toEqual(["ADMITTED", "ALREADY_USED"]);
  expect(await store.waiting()).toHaveLength(1);
});

test("what waits is there after a reload", async () => {
  await admit(admission(1));
  store.close();
  store = await openDoorStore(name);
  expect((await store.waiting()).map(({ scanId }) => scanId)).toEqual(["scan-1"]);
});

test("all that waits is told, a hundred at a time, and then nothing waits", async () => {
  for (let seat = 1; seat <= 230; seat++) await admit(admission(seat));
  const { told, send } = server();
  const sizes: number[] = [];
  await uploadWaiting(store, 1, (scans) => {
    sizes.push(scans.length);
    return send(scans);
  });
  expect(sizes).toEqual([100, 100, 30]);
  expect(new Set(told).size).toBe(230);
  expect(await store.waiting()).toEqual([]);
});

test("what could not be told waits on, under the same scan ids", async () => {
  await admit(admission(1));
  await expect(uploadWaiting(store, 1, () => Promise.reject(new ConnectionLost()))).rejects.toThrow(ConnectionLost);
  const { told, send } = server();
  await uploadWaiting(store, 1, send);
  expect(told).toEqual(["scan-1"]);
});

test("an admission that should not have been is kept with the reason", async () => {
  await admit(admission(1));
  await admit(admission(2));
  await uploadWaiting(store, 1, server((scanId) => (scanId === "scan-2" ? "CANCELLED" : "ADMITTED")).send);
  const conflicts = (await store.admissionsTo(9)).map(({ seat, conflict }) => [seat, conflict]);
  expect(conflicts).toEqual([
    ["A1", undefined],
    ["A2", "CANCELLED"],
  ]);
});

test("scans of another venue wait for its own staff", async () => {
  await admit(admission(1, { venueId: 2 }));
  const { told, send } = server();
  await uploadWaiting(store, 1, send);
  expect(told).toEqual([]);
  expect(await store.waiting()).toHaveLength(1);
});

test("an answer that leaves scans out is not taken for theirs, and does not go on for ever", async () => {
  await admit(admission(1));
  await expect(uploadWaiting(store, 1, async () => ({ results: [] }))).rejects.toThrow();
  expect(await store.waiting()).toHaveLength(1);
});

test("old admissions are forgotten, but none that the server does not know of", async () => {
  await admit(admission(1));
  await admit(admission(2));
  await store.noteTold("1:1", undefined);
  await store.forgetOld(new Date(1_800_000_000_000 + 30 * 86_400_000));
  expect((await store.admissionsTo(9)).map(({ ticket }) => ticket)).toEqual(["1:2"]);
});
