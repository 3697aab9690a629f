import { plus } from "@/shared/money";
import type { SalesRow } from "./reports-api";

export type Total = Omit<SalesRow, "key" | "label">;

/** The sum of all rows, for each currency on its own. */
export function totalsOf(rows: SalesRow[]): Total[] {
  const totals = new Map<string, Total>();
  for (const { key: _, label: __, ...row } of rows) {
    const before = totals.get(row.currency);
    if (!before) {
      totals.set(row.currency, row);
      continue;
    }
    totals.set(row.currency, {
      currency: row.currency,
      showings: before.showings + row.showings,
      seats_offered: before.seats_offered + row.seats_offered,
      seats_sold: before.seats_sold + row.seats_sold,
      revenue: plus(before.revenue, row.revenue),
    });
  }
  return [...totals.values()];
}

/** The part of the seats that is sold, 0 … 1; nothing where none was offered. */
export const occupancy = (of: { seats_sold: number; seats_offered: number }): number | undefined =>
  of.seats_offered > 0 ? of.seats_sold / of.seats_offered : undefined;
