import { countdown } from "@/shared/format/countdown";
import type { Booking, Payment } from "./api";

export const groups = ["upcoming", "past", "cancelled"] as const;
export type Group = (typeof groups)[number];

/** What a booking is to its owner: as the server says, but a hold whose time has passed is over before the server notices. */
export type BookingState = Booking["status"];

export function stateOf({ status, expires_at }: Booking, now: Date): BookingState {
  return status === "PENDING" && new Date(expires_at) <= now ? "EXPIRED" : status;
}

const longestShowMs = 4 * 3_600_000; // of those whose end is not known

export function isOver({ show_time, end_time }: Booking, now: Date): boolean {
  const end = end_time ? new Date(end_time).getTime() : new Date(show_time).getTime() + longestShowMs;
  return end <= now.getTime();
}

/** Where a booking is listed. One that came to nothing stands with the cancelled ones. */
export function groupOf(booking: Booking, now: Date): Group {
  const state = stateOf(booking, now);
  if (state !== "CONFIRMED" && state !== "PENDING") return "cancelled";
  return isOver(booking, now) ? "past" : "upcoming";
}

/** The bookings of a group: what comes next first, of what has been the latest first. */
export function inGroup(bookings: readonly Booking[], group: Group, now: Date): Booking[] {
  const timeOf = (booking: Booking) => new Date(booking.show_time).getTime();
  const direction = group === "upcoming" ? 1 : -1;
  return bookings
    .filter((booking) => groupOf(booking, now) === group)
    .sort((one, other) => direction * (timeOf(one) - timeOf(other)) || other.id - one.id);
}

/** What becomes of a booking whose owner wants to be rid of it; the server decides by the same rules. */
export type Cancellation = "RELEASE" | "REFUND" | "BEGUN" | "ADMITTED" | "NONE";

export function cancellationOf(booking: Booking, now: Date): Cancellation {
  const state = stateOf(booking, now);
  if (state === "PENDING") return "RELEASE";
  if (state !== "CONFIRMED") return "NONE";
  if (new Date(booking.show_time) <= now) return "BEGUN";
  return booking.tickets.some((ticket) => ticket.state === "USED") ? "ADMITTED" : "REFUND";
}

/** How far the money of a booking that came to nothing is; nothing when none had been taken. */
export type Refund = "ASKED" | "ON_ITS_WAY" | "BACK";

export function refundOf(state: BookingState, payment: Payment | undefined): Refund | undefined {
  if (payment?.status === "REFUNDED") return "BACK";
  if (payment?.status === "REFUND_INITIATED") return "ON_ITS_WAY";
  // The payment hears of the cancellation a moment later.
  return payment?.status === "COMPLETED" && state === "CANCELLED" ? "ASKED" : undefined;
}

/** What is left of a hold, as a clock shows it. */
export const timeLeft = ({ expires_at }: Booking, now: Date) =>
  countdown((Date.parse(expires_at) - now.getTime()) / 1000);
