import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { seatsQuery } from "./api";
import type { Seat } from "./hall";
import { afterChanges, afterClosing, afterSnapshot } from "./seat-news";
import { followSeats } from "./seat-stream";

/** How often the seats are asked for while the stream cannot be had. */
const pollEveryMs = 4_000;

/** The seats of a showing as they are now: told by the stream, asked for again and again where there is none. */
export function useLiveSeats(scheduleId: number) {
  const queryClient = useQueryClient();
  const [live, setLive] = useState(false);
  const query = useQuery({
    ...seatsQuery(scheduleId),
    refetchInterval: live ? false : pollEveryMs,
    refetchOnWindowFocus: !live,
    refetchOnReconnect: !live,
  });
  const known = query.isSuccess;

  useEffect(() => {
    // What changes can be told only of seats that are known.
    if (!known) return;
    const { queryKey } = seatsQuery(scheduleId);
    const update = (change: (seats: Seat[]) => Seat[]) => {
      // An answer that is still on its way is older than this news.
      queryClient.cancelQueries({ queryKey });
      queryClient.setQueryData(queryKey, (seats) => seats && change(seats));
    };
    return followSeats(scheduleId, {
      onSnapshot: (snapshot) => update((seats) => afterSnapshot(seats, snapshot)),
      onChanges: (changes) => update((seats) => afterChanges(seats, changes)),
      onClosed: () => update(afterClosing),
      onLive: setLive,
    });
  }, [scheduleId, known, queryClient]);

  return { ...query, live };
}
