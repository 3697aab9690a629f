import { useFormats } from "@/shared/format/use-formats";
import type { Group, SalesRow } from "./reports-api";

/** What a row is called: days as the reader writes them. */
export function useLabel(by: Group): (row: SalesRow) => string {
  const { day } = useFormats();
  return (row) => (by === "day" ? day(`${row.key}T12:00:00Z`, "UTC") : row.label);
}
