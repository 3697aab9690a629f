import { expect, test } from "vitest";
import { type Booking, type Payment, pauseBeforeAsking, type Stage, stageOf } from "./stage";

const booking = (status: Booking["status"]) => ({ status }) as Booking;
const payment = (status: Payment["status"], more: Partial<Payment> = {}) =>
  ({ status, payment_method: "WALLET", ...more }) as Payment;
const page = "https://cards.example/pay/1";
const card = { payment_method: "DODO", checkout_url: page } as const;
const declined = "The card was declined.";

test.each<[string, Booking, Payment | null, boolean, Stage]>([
  ["a hold can be paid", booking("PENDING"), null, false, { is: "open" }],
  ["until its time is over", booking("PENDING"), null, true, { is: "ending" }],
  [
    "a payment that failed says why, and another may follow",
    booking("PENDING"),
    payment("FAILED", { failure_reason: declined }),
    false,
    { is: "open", refused: declined },
  ],
  [
    "an open card page can be gone back to, also after a card was declined there",
    booking("PENDING"),
    payment("PENDING", { ...card, failure_reason: declined }),
    false,
    { is: "card", page, refused: declined },
  ],
  [
    "when the time is over, a card page may have been paid in time",
    booking("PENDING"),
    payment("PENDING", card),
    true,
    { is: "lateCard", page },
  ],
  ["and still when the hold has expired", booking("EXPIRED"), payment("PENDING", card), true, { is: "lateCard", page }],
  ["money that moves is waited for", booking("PENDING"), payment("PENDING"), false, { is: "working" }],
  [
    "a payment that is through is no success before the booking is confirmed",
    booking("PENDING"),
    payment("COMPLETED"),
    false,
    { is: "working" },
  ],
  ["nor after the hold", booking("EXPIRED"), payment("COMPLETED"), true, { is: "working" }],
  ["a confirmed booking is", booking("CONFIRMED"), payment("COMPLETED"), true, { is: "confirmed" }],
  [
    "also before the payment is known to be through",
    booking("CONFIRMED"),
    payment("PENDING"),
    false,
    { is: "confirmed" },
  ],
  [
    "money that came too late goes back",
    booking("EXPIRED"),
    payment("REFUND_INITIATED", { failure_reason: "gone" }),
    true,
    { is: "refund", isDone: false, method: "WALLET", reason: "gone" },
  ],
  [
    "and is back",
    booking("EXPIRED"),
    payment("REFUNDED", card),
    true,
    { is: "refund", isDone: true, method: "DODO", reason: undefined },
  ],
  [
    "what was paid for a cancelled booking goes back, though the payment has not heard of it",
    booking("CANCELLED"),
    payment("COMPLETED"),
    false,
    { is: "refund", isDone: false, method: "WALLET", reason: undefined },
  ],
  ["a hold that nobody paid has expired", booking("EXPIRED"), null, true, { is: "expired" }],
  ["also after a try that failed", booking("EXPIRED"), payment("FAILED"), true, { is: "expired" }],
  ["a hold that was given back is cancelled", booking("CANCELLED"), null, false, { is: "cancelled" }],
  ["a booking may fail", booking("FAILED"), payment("FAILED"), false, { is: "failed" }],
])("%s", (_, of, paid, isOver, expected) => {
  expect(stageOf(of, paid, isOver)).toEqual(expected);
});

test("what changes by itself is asked for ever more seldom, what can be paid steadily, what is over not at all", () => {
  expect(pauseBeforeAsking({ is: "working" }, 0)).toBe(800);
  expect(pauseBeforeAsking({ is: "working" }, 20_000)).toBe(2_800);
  expect(pauseBeforeAsking({ is: "card", page }, 3_600_000)).toBe(15_000);
  expect(pauseBeforeAsking({ is: "open" }, 0)).toBe(3_000);
  expect(pauseBeforeAsking({ is: "open" }, 500_000)).toBe(3_000);
  expect(pauseBeforeAsking({ is: "refund", isDone: false, method: "DODO" }, 0)).toBe(2_500);
  expect(pauseBeforeAsking({ is: "refund", isDone: true, method: "DODO" }, 0)).toBe(false);
  expect(pauseBeforeAsking({ is: "confirmed" }, 0)).toBe(false);
  expect(pauseBeforeAsking({ is: "expired" }, 0)).toBe(false);
});
