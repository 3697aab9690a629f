import { queryOptions } from "@tanstack/react-query";
import { api, unwrap } from "@/api/client";
import { hasCode } from "@/api/errors";
import { ownKey } from "@/features/session/session";
import type { Payment } from "./stage";

export const bookingQuery = (id: number) =>
  queryOptions({
    queryKey: [ownKey, "booking", id],
    queryFn: () => unwrap(api.GET("/bookings/{id}", { params: { path: { id } } })),
    staleTime: 0,
  });

/** The latest payment of a booking; null when nobody has tried to pay it. */
export const lastPaymentQuery = (bookingId: number) =>
  queryOptions({
    queryKey: [ownKey, "last-payment", bookingId],
    queryFn: async (): Promise<Payment | null> => {
      try {
        const path = { booking_id: bookingId };
        return await unwrap(api.GET("/payments/booking/{booking_id}", { params: { path } }));
      } catch (error) {
        if (hasCode(error, "PAYMENT_NOT_FOUND")) return null;
        throw error;
      }
    },
    staleTime: 0,
  });

/** What the wallet holds. */
export const balanceQuery = queryOptions({
  queryKey: [ownKey, "wallet", "balance"],
  queryFn: () => unwrap(api.GET("/auth/wallet", { params: { query: { limit: 1 } } })),
  staleTime: 0,
});

/** The newest of one's holds, if it waits to be paid. */
export const holdQuery = queryOptions({
  queryKey: [ownKey, "bookings", "held"],
  queryFn: async () => {
    const [newest] = await unwrap(api.GET("/bookings", { params: { query: { status: "PENDING", limit: 1 } } }));
    return newest ?? null;
  },
});

/** Can be repeated: a booking has one payment at a time, and the repetition joins it. */
export function pay(bookingId: number, method: Payment["payment_method"]): Promise<Payment> {
  return unwrap(api.POST("/payments", { body: { booking_id: bookingId, payment_method: method } }));
}

export function giveBack(bookingId: number) {
  return unwrap(api.DELETE("/bookings/{id}", { params: { path: { id: bookingId } } }));
}
