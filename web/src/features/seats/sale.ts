import type { Api } from "@/api/types";
import { isClosed, type Seat } from "./hall";

export type Sale = "open" | "soldOut" | "cancelled" | "begun" | "closed";

/** Whether seats can be had, or why not; `now` is the server's time in milliseconds. */
export function saleOf(showing: Api["schedule_view"], seats: readonly Seat[] | undefined, now: number): Sale {
  if (showing.status === "CANCELLED") return "cancelled";
  if (Date.parse(showing.start_time) <= now) return "begun";
  if (!seats) return "open";
  if (isClosed(seats)) return "closed";
  return seats.length > 0 && !seats.some((seat) => seat.is_available) ? "soldOut" : "open";
}
