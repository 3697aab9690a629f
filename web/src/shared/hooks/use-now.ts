import { useEffect, useState } from "react";
import { serverClock } from "@/api/clock";

/** The server's time, told anew every `everyMs` milliseconds while the component is shown. */
export function useNow(everyMs: number): Date {
  const [now, setNow] = useState(tell);
  useEffect(() => {
    const ticking = setInterval(() => setNow(tell()), everyMs);
    return () => clearInterval(ticking);
  }, [everyMs]);
  return now;
}

const tell = () => new Date(serverClock.now());
