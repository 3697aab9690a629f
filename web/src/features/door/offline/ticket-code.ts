/** What a ticket's code says and whether it is ours; the format is told in src/tickets/README.md. Nothing here asks a server. */
import type { Api } from "@/api/types";

export type TicketKey = Api["ticket_key"];

export interface TicketCode {
  kid: string;
  bookingId: number;
  scheduleId: number;
  seatNo: number;
  /** The bytes that were signed, and their signature. */
  signed: Uint8Array<ArrayBuffer>;
  signature: Uint8Array<ArrayBuffer>;
}

const form = /^TS1:[A-Z2-7]{144}$/;
const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const bytesOfCode = 90;
const signedBytes = 26;

/** Takes a code apart; nothing when it has another form. */
export function readTicketCode(code: string): TicketCode | undefined {
  if (!form.test(code)) return undefined;
  const bytes = new Uint8Array(bytesOfCode);
  let held = 0;
  let bits = 0;
  let at = 0;
  for (const character of code.slice(4)) {
    held = ((held << 5) | alphabet.indexOf(character)) & 0xfff;
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      bytes[at++] = held >> bits;
    }
  }
  const view = new DataView(bytes.buffer);
  const bookingId = Number(view.getBigInt64(4));
  const scheduleId = Number(view.getBigInt64(12));
  const seatNo = view.getInt16(20);
  const arePositive = bookingId > 0 && scheduleId > 0 && seatNo > 0;
  if (!arePositive || !Number.isSafeInteger(bookingId) || !Number.isSafeInteger(scheduleId)) return undefined;
  return {
    kid: Array.from(bytes.subarray(0, 4), (byte) => byte.toString(16).padStart(2, "0")).join(""),
    bookingId,
    scheduleId,
    seatNo,
    signed: Uint8Array.from([...new TextEncoder().encode("TS1:"), ...bytes.subarray(0, signedBytes)]),
    signature: bytes.slice(signedBytes),
  };
}

export type Authenticity = "GENUINE" | "FORGED" | "UNKNOWN_KEY";

/** Whether one of `keys` signed the code. */
export async function verifyTicketCode(ticket: TicketCode, keys: readonly TicketKey[]): Promise<Authenticity> {
  const key = keys.find(({ kid }) => kid === ticket.kid);
  if (!key) return "UNKNOWN_KEY";
  return (await isSignedBy(key, ticket)) ? "GENUINE" : "FORGED";
}

async function isSignedBy({ kty, crv, x }: TicketKey, { signature, signed }: TicketCode): Promise<boolean> {
  try {
    const key = await crypto.subtle.importKey("jwk", { kty, crv, x }, "Ed25519", false, ["verify"]);
    return await crypto.subtle.verify("Ed25519", key, signature, signed);
  } catch (reason) {
    if (!lacksEd25519(reason)) throw reason;
    const { verifyAsync } = await import("@noble/ed25519");
    // By RFC 8032 to the letter, as the server: not the more lenient rules of ZIP 215.
    return verifyAsync(signature, signed, fromBase64Url(x), { zip215: false });
  }
}

/** Browsers of before 2025 have WebCrypto without Ed25519. */
function lacksEd25519(reason: unknown): boolean {
  return reason instanceof DOMException && reason.name === "NotSupportedError";
}

function fromBase64Url(text: string): Uint8Array {
  const base64 = text.replaceAll("-", "+").replaceAll("_", "/");
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}
