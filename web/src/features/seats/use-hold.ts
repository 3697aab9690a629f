import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRef } from "react";
import { useNavigate } from "react-router";
import { ApiError, ConnectionLost, isTemporary } from "@/api/errors";
import { ownKey } from "@/features/session/session";
import { useAskToSignIn } from "@/features/session/sign-in-provider";
import { holdSeats } from "./api";
import { Attempts } from "./attempts";
import type { Pick } from "./pick";

const repeats = 3;
const mayHaveHappened = (error: unknown) =>
  error instanceof ConnectionLost || (error instanceof ApiError && error.status >= 500);

/**
 * Holds seats and leads on to their payment; whoever is not signed in is asked to first. `isAsking` while it is not known whether one
 * has them: then the same seats are asked for again under the same key.
 */
export function useHold(scheduleId: number) {
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const askToSignIn = useAskToSignIn();
  const attempts = useRef(new Attempts()).current;
  const hold = useMutation({
    mutationFn: holdSeats,
    retry: (failures, error) => failures < repeats && mayHaveHappened(error),
    onSuccess: (booking) => {
      queryClient.invalidateQueries({ queryKey: [ownKey, "bookings"] });
      navigate(`/checkout/${booking.id}`);
    },
    onSettled: (_, error, { seats }) => {
      if (!error || !isTemporary(error)) attempts.answered(scheduleId, seats);
    },
  });
  return {
    error: hold.error,
    isPending: hold.isPending,
    isAsking: hold.isPending || hold.isSuccess || mayHaveHappened(hold.error),
    forget: hold.reset,
    /** `reason` says to those who are not signed in why they should. */
    hold: async (seats: Pick, reason: string) => {
      const wish = () => ({ scheduleId, seats, idempotencyKey: attempts.keyOf(scheduleId, seats) });
      if (!(await askToSignIn(reason))) return;
      hold.mutate(wish(), {
        onError: async (error) => {
          // The session ended meanwhile: after a sign-in it goes on by itself.
          const isSignedOut = error instanceof ApiError && error.status === 401;
          if (isSignedOut && (await askToSignIn(reason))) hold.mutate(wish());
        },
      });
    },
  };
}
