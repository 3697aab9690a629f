import { expect, test } from "vitest";
import type { Cancellation } from "./cancelling-api";
import { partDone } from "./progress";

const cancellation = (more: Partial<Cancellation>): Cancellation => ({
  state: "RUNNING",
  showings: 1,
  bookings: 4,
  bookings_cancelled: 0,
  refunds_pending: 4,
  refunds_pending_amount: 1400,
  refunds_done: 0,
  refunds_done_amount: 0,
  ...more,
});

test("bookings and refunds count alike", () => {
  expect(partDone(cancellation({}))).toBe(0);
  expect(partDone(cancellation({ bookings_cancelled: 4 }))).toBe(0.5);
  expect(partDone(cancellation({ bookings_cancelled: 4, refunds_pending: 2, refunds_done: 2 }))).toBe(0.75);
});
test("nothing sold is done when the server says so", () => {
  const nothing = { bookings: 0, refunds_pending: 0 };
  expect(partDone(cancellation(nothing))).toBe(0);
  expect(partDone(cancellation({ ...nothing, state: "DONE" }))).toBe(1);
});
