import { useFormats } from "@/shared/format/use-formats";
import type { Span } from "./layout";
import { printClock } from "./week";

/** The full hours of a day's stretch, as the reader writes them. */
export function useHourLabels({ start, end }: Span): { minutes: number; label: string }[] {
  const { time } = useFormats();
  return Array.from({ length: Math.floor((end - start) / 60) }, (_, hour) => {
    const minutes = start + hour * 60;
    return { minutes, label: time(`1970-01-01T${printClock(minutes)}:00Z`, "UTC") };
  });
}
