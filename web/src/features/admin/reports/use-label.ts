import { useClock } from "../calendar/use-clock";
import type { Group, SalesRow } from "./reports-api";

/** What a row is called: days as the reader writes them. */
export function useLabel(by: Group): (row: SalesRow) => string {
  const { day } = useClock();
  return (row) => (by === "day" ? day(row.key) : row.label);
}
