// @vitest-environment node
import { afterEach, beforeAll, expect, test, vi } from "vitest";
import { readTicketCode, type TicketKey, verifyTicketCode } from "./ticket-code";

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const keyOfExample: TicketKey = {
  kid: "90facafe",
  kty: "OKP",
  crv: "Ed25519",
  x: "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
  use: "sig",
  alg: "EdDSA",
};
/** The one of src/tickets/README.md, which the server's tests make too. */
const example =
  "TS1:SD5MV7QAAAAAAAAB4JAAAAAAAAAAAAYVAAIWWBEK3DEWFRDLIOKFBF5DMVOR2KTM23MYPKMD" +
  "YJD5CFJS6BZ5XZABCBERBK6GGAN7RQXRDX7SKNIEGKGXXCGPTM7U6UODZRIJYDXT7LH2YBAD";

function base32(bytes: Uint8Array): string {
  let text = "";
  let held = 0;
  let bits = 0;
  for (const byte of bytes) {
    held = ((held << 8) | byte) & 0xffff;
    for (bits += 8; bits >= 5; bits -= 5) text += alphabet[(held >> (bits - 5)) & 31];
  }
  return text;
}

let keys: CryptoKeyPair;
let known: TicketKey;
beforeAll(async () => {
  keys = (await crypto.subtle.generateKey("Ed25519", true, ["sign", "verify"])) as CryptoKeyPair;
  const { x } = await crypto.subtle.exportKey("jwk", keys.publicKey);
  known = { kid: "01020304", kty: "OKP", crv: "Ed25519", x: x ?? "", use: "sig", alg: "EdDSA" };
});

async function issue(says: { booking?: bigint; schedule?: bigint; seat?: number } = {}): Promise<string> {
  const bytes = new Uint8Array(90);
  const view = new DataView(bytes.buffer);
  bytes.set([1, 2, 3, 4]);
  view.setBigInt64(4, says.booking ?? 7n);
  view.setBigInt64(12, says.schedule ?? 9n);
  view.setInt16(20, says.seat ?? 17);
  view.setUint32(22, 1_700_000_000);
  const signed = Uint8Array.from([...new TextEncoder().encode("TS1:"), ...bytes.subarray(0, 26)]);
  bytes.set(new Uint8Array(await crypto.subtle.sign("Ed25519", keys.privateKey, signed)), 26);
  return `TS1:${base32(bytes)}`;
}

/** What the code says, and whether it is ours. */
async function check(code: string, list = [known]) {
  const ticket = readTicketCode(code);
  return ticket ? verifyTicketCode(ticket, list) : "UNREADABLE";
}

test("reads and verifies the code that the server's tests make", async () => {
  expect(readTicketCode(example)).toMatchObject({ kid: "90facafe", bookingId: 123456, scheduleId: 789, seatNo: 17 });
  expect(await check(example, [keyOfExample])).toBe("GENUINE");
});

test("a genuine code is genuine by its own key alone", async () => {
  const code = await issue();
  expect(await check(code)).toBe("GENUINE");
  expect(await check(code, [])).toBe("UNKNOWN_KEY");
  expect(await check(code, [{ ...keyOfExample, kid: known.kid }])).toBe("FORGED");
});

test("a code that differs in any one character is refused", async () => {
  const code = await issue();
  for (let at = 4; at < code.length; at++) {
    const other = alphabet[(alphabet.indexOf(code[at] ?? "") + 1) % alphabet.length];
    expect(await check(code.slice(0, at) + other + code.slice(at + 1))).not.toBe("GENUINE");
  }
});

test("what has another form, or names what cannot be, is no code", async () => {
  const code = await issue();
  const others = [
    "",
    code.toLowerCase(),
    `${code}A`,
    code.slice(0, -1),
    ` ${code}`,
    code.replace("TS1", "TS2"),
    `${code}\n`,
  ];
  for (const other of others) expect(await check(other)).toBe("UNREADABLE");
  expect(await check(await issue({ booking: 0n }))).toBe("UNREADABLE");
  expect(await check(await issue({ schedule: -1n }))).toBe("UNREADABLE");
  expect(await check(await issue({ seat: -5 }))).toBe("UNREADABLE");
  expect(await check(await issue({ booking: 2n ** 60n }))).toBe("UNREADABLE");
});

afterEach(() => vi.restoreAllMocks());
test("a browser without Ed25519 comes to the same answers", async () => {
  const codes = [await issue(), await issue({ seat: 3 })];
  vi.spyOn(crypto.subtle, "importKey").mockRejectedValue(new DOMException("", "NotSupportedError"));
  for (const code of codes) expect(await check(code)).toBe("GENUINE");
  expect(await check(example, [keyOfExample])).toBe("GENUINE");
  const code = codes[0] ?? "";
  expect(await check(code.slice(0, 60) + (code[60] === "A" ? "B" : "A") + code.slice(61))).toBe("FORGED");
});
