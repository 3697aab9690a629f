import { expect, test } from "vitest";
import type { Booking, Payment } from "./api";
import { cancellationOf, groupOf, inGroup, refundOf, stateOf } from "./booking-rules";

const now = new Date("2026-11-25T12:00:00Z");
const booking = (changes: Partial<Booking>): Booking => ({
  id: 1,
  user_id: 1,
  schedule_id: 1,
  seat_ids: [10_001],
  total_amount: 250,
  currency: "INR",
  status: "CONFIRMED",
  correlation_id: "c",
  created_at: "2026-11-25T10:00:00Z",
  expires_at: "2026-11-25T10:10:00Z",
  seat_labels: [{ row_number: "A", seat_number: "1" }],
  show_name: "A show",
  show_time: "2026-11-25T18:00:00Z",
  end_time: "2026-11-25T20:00:00Z",
  venue_name: "A venue",
  screen_name: "1",
  time_zone: "Asia/Kolkata",
  ticket_qr_urls: [],
  tickets: [{ seat_id: 10_001, label: "A1", code: "TS1:", state: "VALID" }],
  ...changes,
});
const payment = (status: Payment["status"]) => ({ status }) as Payment;

test("a show that goes on is upcoming, one that has ended is past", () => {
  expect(groupOf(booking({}), now)).toBe("upcoming");
  expect(groupOf(booking({ show_time: "2026-11-25T11:00:00Z", end_time: "2026-11-25T13:00:00Z" }), now)).toBe(
    "upcoming",
  );
  expect(groupOf(booking({ show_time: "2026-11-25T09:00:00Z", end_time: "2026-11-25T12:00:00Z" }), now)).toBe("past");
  expect(groupOf(booking({ show_time: "2026-11-25T07:00:00Z", end_time: undefined }), now)).toBe("past");
});

test("a hold whose time has passed is over, though the server has not said so yet", () => {
  const hold = booking({ status: "PENDING", expires_at: "2026-11-25T12:00:00Z" });
  expect(stateOf(hold, new Date("2026-11-25T11:59:59Z"))).toBe("PENDING");
  expect(stateOf(hold, now)).toBe("EXPIRED");
  expect(groupOf(hold, now)).toBe("cancelled");
});

test("what comes next stands first; of what has been, the latest", () => {
  const all = [1, 3, 2].map((day) => booking({ id: day, show_time: `2026-12-0${day}T10:00:00Z`, end_time: undefined }));
  expect(inGroup(all, "upcoming", now).map(({ id }) => id)).toEqual([1, 2, 3]);
  expect(inGroup(all, "past", new Date("2026-12-09T00:00:00Z")).map(({ id }) => id)).toEqual([3, 2, 1]);
});

test("a paid booking is refunded until the show begins or somebody is inside", () => {
  expect(cancellationOf(booking({}), now)).toBe("REFUND");
  expect(cancellationOf(booking({ show_time: "2026-11-25T12:00:00Z" }), now)).toBe("BEGUN");
  const used = { seat_id: 10_001, label: "A1", code: "TS1:", state: "USED" as const };
  expect(cancellationOf(booking({ tickets: [used] }), now)).toBe("ADMITTED");
  expect(cancellationOf(booking({ status: "PENDING", expires_at: "2026-11-25T12:05:00Z" }), now)).toBe("RELEASE");
  expect(cancellationOf(booking({ status: "CANCELLED" }), now)).toBe("NONE");
});

test("a refund is said to be where the payment says it is, and not sooner", () => {
  expect(refundOf("CANCELLED", payment("COMPLETED"))).toBe("ASKED");
  expect(refundOf("CANCELLED", payment("REFUND_INITIATED"))).toBe("ON_ITS_WAY");
  expect(refundOf("CANCELLED", payment("REFUNDED"))).toBe("BACK");
  expect(refundOf("CONFIRMED", payment("COMPLETED"))).toBeUndefined();
  expect(refundOf("CANCELLED", payment("FAILED"))).toBeUndefined();
  expect(refundOf("EXPIRED", undefined)).toBeUndefined();
});
