import { useEffect, useState } from "react";
import { serverClock } from "@/api/clock";

/** Whether `time` has passed on the server; false while there is none. */
export function useIsOver(time: string | undefined): boolean {
  const [isOver, setOver] = useState(false);
  useEffect(() => {
    if (time === undefined) return;
    // Looked at again and again: the server's clock may turn out to be ahead of what was known.
    const look = () => setOver(serverClock.now() >= Date.parse(time));
    look();
    const looking = setInterval(look, 500);
    return () => clearInterval(looking);
  }, [time]);
  return isOver;
}
