import { serverClock } from "@/api/clock";
import { useNow } from "./use-now";

const tickMs = 250; // so that no second is seen to be skipped

/** Seconds until `time` by the server's clock, told anew as they pass; below 0 when it is over. */
export function useSecondsLeft(time: string): number {
  useNow(tickMs);
  return (Date.parse(time) - serverClock.now()) / 1000;
}
