import { useQuery } from "@tanstack/react-query";
import { useRef } from "react";
import { bookingQuery, lastPaymentQuery } from "./api";
import { pauseBeforeAsking, type Stage, stageOf } from "./stage";
import { useIsOver } from "./use-is-over";

/** A booking and where it is on its way to be paid; asks the server until nothing changes any more. */
export function useCheckout(bookingId: number) {
  const stage = useRef<Stage>(undefined);
  const since = useRef(0);
  const refetchInterval = () =>
    stage.current ? pauseBeforeAsking(stage.current, performance.now() - since.current) : false;
  const booking = useQuery({ ...bookingQuery(bookingId), refetchInterval });
  const payment = useQuery({ ...lastPaymentQuery(bookingId), refetchInterval });
  const isOver = useIsOver(booking.data?.expires_at);

  const isKnown = booking.data !== undefined && payment.data !== undefined;
  const now = isKnown ? stageOf(booking.data, payment.data, isOver) : undefined;
  if (now?.is !== stage.current?.is) since.current = performance.now();
  stage.current = now;
  return {
    booking: booking.data,
    stage: now,
    error: booking.error ?? payment.error,
    refetch: () => Promise.all([booking.refetch(), payment.refetch()]),
  };
}
