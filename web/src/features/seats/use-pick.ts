import { useCallback, useEffect, useState } from "react";
import type { Seat } from "./hall";
import { goneFrom, mostSeats, type Pick, toggled, without } from "./pick";

const noSeats: Pick = [];

/**
 * What one has picked of the seats of a showing. A seat that somebody else takes leaves the pick and is among `gone` until the next
 * choice. While `isAsking` a seat that is taken may well be one's own, so the pick stays.
 */
export function usePick(seats: Seat[] | undefined, isAsking: boolean) {
  const [pick, setPick] = useState<Pick>(noSeats);
  const [gone, setGone] = useState<Seat[]>([]);
  const [isFull, setFull] = useState(false);

  const drop = useCallback((dropped: Seat[]) => {
    if (dropped.length === 0) return;
    const ids = dropped.map((seat) => seat.id);
    setPick((before) => without(before, ids));
    setGone((before) => [...before.filter((seat) => !ids.includes(seat.id)), ...dropped]);
  }, []);
  useEffect(() => {
    if (seats && !isAsking) drop(goneFrom(pick, seats));
  }, [seats, isAsking, pick, drop]);

  const choose = useCallback((next: Pick) => {
    setGone([]);
    setFull(false);
    setPick(next);
  }, []);
  const toggle = useCallback(
    (seat: number) => {
      setGone([]);
      setFull(pick.length >= mostSeats && !pick.includes(seat));
      setPick((before) => toggled(before, seat));
    },
    [pick],
  );
  return { pick, gone, isFull, toggle, choose, drop };
}
