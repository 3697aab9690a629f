import { expect, test } from "vitest";
import { type Admission, countInside, decide, type Manifest, seatLabel } from "./decide";
import type { TicketCode } from "./ticket-code";

const now = new Date("2026-11-25T12:00:00Z");
const manifest: Manifest = {
  schedule_id: 9,
  show_name: "A show",
  show_time: "2026-11-25T12:30:00Z",
  venue_name: "A venue",
  screen_name: "1",
  time_zone: "Asia/Kolkata",
  doors_open_at: "2026-11-25T10:30:00Z",
  doors_close_at: "2026-11-25T16:30:00Z",
  seats_per_row: 10,
  keys: [],
  keys_in_force: ["0000000b"],
  tickets: [
    // What is not there may come as null.
    { booking_id: 1, seat_no: 1, seat: "A1", state: "VALID", admitted_at: null as unknown as undefined },
    { booking_id: 1, seat_no: 2, seat: "A2", state: "VALID", admitted_at: "2026-11-25T11:00:00Z" },
    { booking_id: 2, seat_no: 3, seat: "A3", state: "CANCELLED" },
  ],
};
const ticket = (bookingId: number, seatNo: number, scheduleId = 9, kid = "0000000b") =>
  ({ bookingId, seatNo, scheduleId, kid }) as TicketCode;
const admission = (of: string): Admission => ({
  ticket: of,
  scanId: "s",
  code: "c",
  scheduleId: 9,
  venueId: 1,
  seat: "A1",
  at: "2026-11-25T11:59:00Z",
  told: 0,
});

test("a listed ticket admits once a device", () => {
  expect(decide(ticket(1, 1), manifest, undefined, now)).toEqual({ outcome: "ADMITTED" });
  expect(decide(ticket(1, 1), manifest, admission("1:1"), now)).toEqual({
    outcome: "ALREADY_USED",
    usedAt: "2026-11-25T11:59:00Z",
  });
});

test("one that was used at another door before the list was made is used", () => {
  expect(decide(ticket(1, 2), manifest, undefined, now)).toEqual({
    outcome: "ALREADY_USED",
    usedAt: "2026-11-25T11:00:00Z",
  });
});

test("one that was sold after the list was made admits", () => {
  expect(decide(ticket(50, 77), manifest, undefined, now)).toEqual({ outcome: "ADMITTED" });
});

test("one that is not listed does not admit by a key that signs older bookings alone, nor to a seat of another", () => {
  expect(decide(ticket(50, 77, 9, "0000000a"), manifest, undefined, now).outcome).toBe("FORGED");
  expect(decide(ticket(1, 1, 9, "0000000a"), manifest, undefined, now).outcome).toBe("ADMITTED");
  expect(decide(ticket(50, 1), manifest, undefined, now).outcome).toBe("SEAT_TAKEN");
  expect(decide(ticket(50, 3), manifest, undefined, now).outcome).toBe("ADMITTED");
});

test("a cancelled one, one of another showing and one at the wrong time do not admit", () => {
  expect(decide(ticket(2, 3), manifest, undefined, now).outcome).toBe("CANCELLED");
  expect(decide(ticket(1, 1, 10), manifest, undefined, now).outcome).toBe("WRONG_SHOWING");
  expect(decide(ticket(1, 1), manifest, undefined, new Date("2026-11-25T10:29:59Z")).outcome).toBe("TOO_EARLY");
  expect(decide(ticket(1, 1), manifest, undefined, new Date("2026-11-25T16:30:00Z")).outcome).toBe("OVER");
});

test("who is inside is counted once, whoever knows of it", () => {
  expect(countInside(manifest, [])).toEqual({ inside: 1, total: 2 });
  const own = [admission("1:1"), admission("1:2"), admission("50:77"), { ...admission("1:9"), scheduleId: 10 }];
  expect(countInside(manifest, own)).toEqual({ inside: 3, total: 3 });
});

test.each([
  [1, 10, "A1"],
  [10, 10, "A10"],
  [11, 10, "B1"],
  [261, 10, "AA1"],
  [17, 12, "B5"],
])("seat %d of rows of %d is %s", (seatNo, perRow, label) => {
  expect(seatLabel(seatNo, perRow)).toBe(label);
});
