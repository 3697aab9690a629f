import type { Cancellation } from "./cancelling-api";

/** The part that is done of all there is to do, 0 … 1: each booking is a step, each refund another. */
export function partDone(of: Cancellation): number {
  if (of.state === "DONE") return 1;
  const steps = of.bookings + of.refunds_pending + of.refunds_done;
  return steps === 0 ? 0 : (of.bookings_cancelled + of.refunds_done) / steps;
}
