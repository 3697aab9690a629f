import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { api, unwrap } from "@/api/client";
import type { Api } from "@/api/types";
import { ownKey } from "@/features/session/session";

export type Booking = Api["booking_view"];
export type Payment = Api["payment_view"];

const bookingsAPage = 50;
/** Money on its way is asked for this often; to a card it can take days, to a wallet a moment. */
const refundPauseMs = 2_000;

/** One's bookings, the newest first. */
export const bookingsQuery = infiniteQueryOptions({
  queryKey: [ownKey, "bookings"],
  queryFn: ({ pageParam: skip }) => unwrap(api.GET("/bookings", { params: { query: { skip, limit: bookingsAPage } } })),
  initialPageParam: 0,
  getNextPageParam: (last, pages) => (last.length < bookingsAPage ? undefined : pages.length * bookingsAPage),
});

export const bookingQuery = (id: number) =>
  queryOptions({
    queryKey: [ownKey, "booking", id],
    queryFn: () => unwrap(api.GET("/bookings/{id}", { params: { path: { id } } })),
  });

/** The latest payment of a booking; asked for again and again while `awaitsRefund` and the money is not back. */
export const paymentQuery = (bookingId: number, awaitsRefund: boolean) =>
  queryOptions({
    queryKey: [ownKey, "payment", bookingId],
    queryFn: () => unwrap(api.GET("/payments/booking/{booking_id}", { params: { path: { booking_id: bookingId } } })),
    refetchInterval: ({ state }) =>
      awaitsRefund && (state.data?.status === "COMPLETED" || state.data?.status === "REFUND_INITIATED")
        ? refundPauseMs
        : false,
  });

export function cancelBooking(id: number): Promise<Booking> {
  return unwrap(api.DELETE("/bookings/{id}", { params: { path: { id } } }));
}

/** In the keys of their queries. */
export const ticketCodes = "ticket-codes";

/** The QR of a seat's ticket as a picture. It never changes. */
export const ticketCodeQuery = (bookingId: number, seatId: number) =>
  queryOptions({
    queryKey: [ownKey, ticketCodes, bookingId, seatId],
    queryFn: async () => {
      const path = { id: bookingId, file: `${seatId}.svg` };
      const code = unwrap(api.GET("/bookings/{id}/tickets/{file}", { params: { path }, parseAs: "blob" }));
      return (await code) as unknown as Blob; // the document says string: it knows no bytes
    },
    staleTime: Number.POSITIVE_INFINITY,
  });
