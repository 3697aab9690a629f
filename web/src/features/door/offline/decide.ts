import type { Api } from "@/api/types";
import type { TicketCode } from "./ticket-code";

export type Outcome = Api["scan_outcome"];
/** What a device says without a network. SEAT_TAKEN: its list has the seat for another booking. */
export type OwnOutcome = Outcome | "SEAT_TAKEN";
export type Manifest = Api["scan_manifest"];

/** Somebody let in at this device: by its own word, or by the server's. */
export interface Admission {
  /** `ticketId` of the ticket: a device admits with it once. */
  ticket: string;
  scanId: string;
  code: string;
  /** The showing that was entered, and the venue whose staff let them in. */
  scheduleId: number;
  venueId: number;
  seat: string;
  at: string;
  /** Whether the server knows of it: 0 while it waits to be told (indexes know no false). */
  told: 0 | 1;
  /** Why the server thinks that they should not have been let in. */
  conflict?: Outcome;
}

export const ticketId = ({ bookingId, seatNo }: Pick<TicketCode, "bookingId" | "seatNo">) => `${bookingId}:${seatNo}`;

/** What the list of a showing says of a ticket. */
const listed = (manifest: Manifest, ticket: TicketCode) =>
  manifest.tickets.find(({ booking_id, seat_no }) => booking_id === ticket.bookingId && seat_no === ticket.seatNo);

/**
 * Why a ticket that is not listed does not admit. It was sold after the list was made, if it is true: then a key of these days signed it,
 * and its seat was free when the list was made, or its booking was cancelled since.
 */
function refusalOfUnlisted(ticket: TicketCode, manifest: Manifest): OwnOutcome | undefined {
  const inForce: string[] | undefined = manifest.keys_in_force; // a list that was kept by an older version of this page has none
  if (inForce && !inForce.includes(ticket.kid)) return "FORGED";
  const isTaken = manifest.tickets.some(({ seat_no, state }) => seat_no === ticket.seatNo && state === "VALID");
  return isTaken ? "SEAT_TAKEN" : undefined;
}

/** What becomes of a genuine ticket at a door without a network, by the list of its showing and what this device did before. */
export function decide(
  ticket: TicketCode,
  manifest: Manifest,
  own: Admission | undefined,
  now: Date,
): { outcome: OwnOutcome; usedAt?: string } {
  if (ticket.scheduleId !== manifest.schedule_id) return { outcome: "WRONG_SHOWING" };
  const known = listed(manifest, ticket);
  if (known?.state === "CANCELLED") return { outcome: "CANCELLED" };
  const refusal = known ? undefined : refusalOfUnlisted(ticket, manifest);
  if (refusal) return { outcome: refusal };
  const usedAt = known?.admitted_at ?? own?.at;
  if (usedAt) return { outcome: "ALREADY_USED", usedAt };
  if (now < new Date(manifest.doors_open_at)) return { outcome: "TOO_EARLY" };
  if (now >= new Date(manifest.doors_close_at)) return { outcome: "OVER" };
  return { outcome: "ADMITTED" };
}

/** "B7": rows are named A … Z, AA, AB, … from the front. */
export function seatLabel(seatNo: number, seatsPerRow: number): string {
  let row = "";
  for (let index = Math.floor((seatNo - 1) / seatsPerRow); index >= 0; index = Math.floor(index / 26) - 1) {
    row = String.fromCharCode(65 + (index % 26)) + row;
  }
  return `${row}${((seatNo - 1) % seatsPerRow) + 1}`;
}

/** How many are inside of how many that may be: by the list, and by what this device admitted since it was made. */
export function countInside(manifest: Manifest, admissions: readonly Admission[]): { inside: number; total: number } {
  const valid = new Map(
    manifest.tickets
      .filter(({ state }) => state === "VALID")
      .map(({ booking_id, seat_no, admitted_at }) => [`${booking_id}:${seat_no}`, Boolean(admitted_at)]),
  );
  for (const { ticket, scheduleId, conflict } of admissions) {
    if (scheduleId === manifest.schedule_id && !conflict) valid.set(ticket, true);
  }
  return { inside: [...valid.values()].filter(Boolean).length, total: valid.size };
}
