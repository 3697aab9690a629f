import { serverClock } from "@/api/clock";
import { newId } from "@/shared/new-id";
import { askServer, type ScanResult } from "./api";
import { isOnline, noteAnswer, noteError } from "./connection";
import { decide, type OwnOutcome, seatLabel, ticketId } from "./offline/decide";
import { doorStore } from "./offline/store";
import { readTicketCode, type TicketCode, verifyTicketCode } from "./offline/ticket-code";

/** What the doorkeeper is told. NO_LIST: there is no network, and no list of the showing on this device. */
export interface Verdict {
  outcome: OwnOutcome | "NO_LIST";
  seat?: string;
  usedAt?: string;
  usedDevice?: string;
  /** The showing that the ticket is for, when the server told it. */
  showName?: string;
  showTime?: string;
  screenName?: string;
  timeZone?: string;
  /** Decided by this device alone. */
  offline: boolean;
}

export interface Door {
  scheduleId: number;
  venueId: number;
}

/**
 * Decides about a code that was shown. The server decides if it answers soon; else this device does, and keeps the admission to tell of it
 * later, under the same scan id: should the server have admitted with an answer that was lost, it counts once. Throws what is no
 * lack of network: that the session has ended, say.
 */
export async function scan(code: string, door: Door): Promise<Verdict> {
  const ticket = readTicketCode(code);
  if (!ticket) return { outcome: "UNREADABLE", offline: true };
  const own = await untold(ticket);
  if (own) return { outcome: "ALREADY_USED", seat: own.seat, usedAt: own.at, offline: true };
  const scanId = newId();
  if (isOnline()) {
    try {
      const result = await askServer(code, door.scheduleId, scanId);
      noteAnswer();
      if (result.outcome === "ADMITTED") await noteAdmitted(ticket, code, scanId, door, result);
      return verdictOf(result);
    } catch (error) {
      if (!noteError(error)) throw error;
    }
  }
  return decideHere(ticket, code, scanId, door);
}

const verdictOf = (result: ScanResult): Verdict => ({
  outcome: result.outcome,
  seat: result.seat,
  usedAt: result.used_at,
  usedDevice: result.used_device,
  showName: result.show_name,
  showTime: result.show_time,
  screenName: result.screen_name,
  timeZone: result.time_zone,
  offline: false,
});

/** An admission at this device that the server does not know of: asked about the ticket, it would admit again. */
async function untold(ticket: TicketCode) {
  const own = await (await doorStore()).admission(ticketId(ticket));
  return own?.told === 0 ? own : undefined;
}

/** Should the network go, this device must not admit with the ticket again. */
async function noteAdmitted(ticket: TicketCode, code: string, scanId: string, door: Door, { seat = "" }: ScanResult) {
  const at = new Date(serverClock.now()).toISOString();
  const admission = { ticket: ticketId(ticket), scanId, code, ...door, seat, at, told: 1 } as const;
  await (await doorStore()).admitOnce(admission, (before) => ({
    outcome: before?.told === 0 ? "ALREADY_USED" : "ADMITTED",
  }));
}

async function decideHere(ticket: TicketCode, code: string, scanId: string, door: Door): Promise<Verdict> {
  const store = await doorStore();
  const manifest = (await store.manifest(door.scheduleId))?.manifest;
  if (!manifest) return { outcome: "NO_LIST", offline: true };
  const authenticity = await verifyTicketCode(ticket, manifest.keys);
  if (authenticity !== "GENUINE") return { outcome: authenticity, offline: true };
  const now = new Date(serverClock.now());
  const seat = seatLabel(ticket.seatNo, manifest.seats_per_row);
  const admission = { ticket: ticketId(ticket), scanId, code, ...door, seat, at: now.toISOString(), told: 0 } as const;
  const verdict = await store.admitOnce(admission, (before) => decide(ticket, manifest, before, now));
  const isHere = ticket.scheduleId === manifest.schedule_id;
  return { ...verdict, seat: isHere ? seat : undefined, timeZone: manifest.time_zone, offline: true };
}
