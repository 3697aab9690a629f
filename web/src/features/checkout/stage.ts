import type { Api } from "@/api/types";

export type Booking = Api["booking_view"];
export type Payment = Api["payment_view"];

/** Where a booking is on its way to be paid, as far as the server has told. */
export type Stage =
  /** It can be paid; `refused` says why a try came to nothing. */
  | { is: "open"; refused?: string }
  /** A card page is open; `refused` says why the card was declined there. */
  | { is: "card"; page: string; refused?: string }
  /** The hold is over, but the card page may have been paid just before. */
  | { is: "lateCard"; page: string }
  /** Money has moved or is about to: how it ends is decided without anybody's help. */
  | { is: "working" }
  /** The hold runs out in this moment. */
  | { is: "ending" }
  | { is: "confirmed" }
  /** The money goes back, or is back. */
  | { is: "refund"; isDone: boolean; method: Payment["payment_method"]; reason?: string }
  /** Nothing was paid in time. */
  | { is: "expired" }
  | { is: "cancelled" }
  | { is: "failed" };

/** `payment` is the latest of the booking, if there is one; `isOver` whether the time of the hold has passed. */
export function stageOf(booking: Booking, payment: Payment | null, isOver: boolean): Stage {
  if (booking.status === "CONFIRMED") return { is: "confirmed" };
  const goesBack = refundOf(booking, payment);
  if (goesBack) return goesBack;
  const page = payment?.status === "PENDING" ? payment.checkout_url : undefined;
  switch (booking.status) {
    case "CANCELLED":
      return { is: "cancelled" };
    case "FAILED":
      return { is: "failed" };
    case "EXPIRED":
      if (page) return { is: "lateCard", page };
      return isUndecided(payment) ? { is: "working" } : { is: "expired" };
    case "PENDING":
      if (page) return isOver ? { is: "lateCard", page } : { is: "card", page, refused: payment?.failure_reason };
      if (isUndecided(payment)) return { is: "working" };
      if (isOver) return { is: "ending" };
      return { is: "open", refused: payment?.status === "FAILED" ? payment.failure_reason : undefined };
  }
}

/** Paid, and the booking has not heard of it yet; or on the way from the wallet. */
function isUndecided(payment: Payment | null): boolean {
  return payment?.status === "PENDING" || payment?.status === "COMPLETED";
}

function refundOf(booking: Booking, payment: Payment | null): Stage | undefined {
  if (!payment) return undefined;
  // A cancelled booking's money goes back also before the payment has heard of it.
  const isOwed = booking.status === "CANCELLED" && payment.status === "COMPLETED";
  const isDone = payment.status === "REFUNDED";
  if (!isOwed && !isDone && payment.status !== "REFUND_INITIATED") return undefined;
  return { is: "refund", isDone, method: payment.payment_method, reason: payment.failure_reason };
}

const slowestMs = 15_000;
const payableMs = 3_000;
const firstPauseMs: Partial<Record<Stage["is"], number>> = {
  working: 800,
  ending: 800,
  card: 2_500,
  lateCard: 2_500,
  refund: 2_500,
};

/**
 * How long to wait before the server is asked again, or false when nothing changes by itself any more. The longer a stage lasts,
 * the seldomer; but a booking that can be paid is looked at steadily while its page is seen, for it may be paid or given up on
 * another device.
 */
export function pauseBeforeAsking(stage: Stage, lastedMs: number): number | false {
  const first = stage.is === "refund" && stage.isDone ? undefined : firstPauseMs[stage.is];
  if (first) return Math.min(slowestMs, first + lastedMs / 10);
  return stage.is === "open" ? payableMs : false;
}
