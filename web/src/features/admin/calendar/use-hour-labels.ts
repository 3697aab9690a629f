import type { Span } from "./layout";
import { useClock } from "./use-clock";

/** The full hours of a day's stretch, as the reader writes them. */
export function useHourLabels({ start, end }: Span): { minutes: number; label: string }[] {
  const { time } = useClock();
  return Array.from({ length: Math.floor((end - start) / 60) }, (_, hour) => {
    const minutes = start + hour * 60;
    return { minutes, label: time(minutes) };
  });
}
