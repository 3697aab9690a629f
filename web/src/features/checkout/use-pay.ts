import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { ApiError, ConnectionLost } from "@/api/errors";
import { ownKey } from "@/features/session/session";
import { bookingQuery, lastPaymentQuery, pay } from "./api";
import type { Payment } from "./stage";

const repeats = 3;

/** Pays a booking; by card that leads to the card provider's page, in this tab. */
export function usePay(bookingId: number) {
  const queryClient = useQueryClient();
  const [isLeaving, setLeaving] = useState(false);
  const leave = (page: string) => {
    if (!/^https?:/.test(page)) return;
    setLeaving(true);
    window.location.assign(page);
  };

  // Whoever comes back by the browser's button finds the page as it was left.
  useEffect(() => {
    const onShow = (event: PageTransitionEvent) => event.persisted && setLeaving(false);
    window.addEventListener("pageshow", onShow);
    return () => window.removeEventListener("pageshow", onShow);
  }, []);

  const paying = useMutation({
    mutationFn: (method: Payment["payment_method"]) => pay(bookingId, method),
    // A payment whose answer was lost is asked for again: it is the same one.
    retry: (failures, error) =>
      failures < repeats && (error instanceof ConnectionLost || (error instanceof ApiError && error.status >= 500)),
    onSuccess: (payment) => {
      queryClient.setQueryData(lastPaymentQuery(bookingId).queryKey, payment);
      if (payment.status === "PENDING" && payment.checkout_url) leave(payment.checkout_url);
    },
    onSettled: () => {
      queryClient.invalidateQueries({ queryKey: bookingQuery(bookingId).queryKey });
      queryClient.invalidateQueries({ queryKey: lastPaymentQuery(bookingId).queryKey });
      for (const what of ["wallet", "bookings", "account"]) queryClient.invalidateQueries({ queryKey: [ownKey, what] });
    },
  });
  return {
    pay: paying.mutate,
    leave,
    error: paying.error,
    /** The way that is being gone right now. */
    busy: paying.isPending ? paying.variables : isLeaving ? ("DODO" as const) : undefined,
  };
}
