import type { Api } from "@/api/types";

export type Seat = Api["seat_view"];

/** A row of seats as one sees it from behind: where no seat is, there is an aisle. */
export interface Row {
  label: string;
  cells: (Seat | undefined)[];
}

export interface Hall {
  /** From the screen backwards. */
  rows: Row[];
  columns: number;
}

/** The seats in their places. A seat stands in the column of its number, so that a number that is missing is a gap. */
export function hallOf(seats: readonly Seat[]): Hall {
  const rows = new Map<string, Row>();
  for (const seat of seats) {
    const row = rows.get(seat.row_number) ?? { label: seat.row_number, cells: [] };
    rows.set(seat.row_number, row);
    const number = Number(seat.seat_number);
    const column = Number.isInteger(number) && number > 0 ? number - 1 : row.cells.length;
    while (row.cells.length <= column) row.cells.push(undefined);
    row.cells[column] = seat;
  }
  const columns = Math.max(0, ...[...rows.values()].map((row) => row.cells.length));
  for (const row of rows.values()) while (row.cells.length < columns) row.cells.push(undefined);
  return { rows: [...rows.values()], columns };
}

export type SeatState = "free" | "held" | "sold" | "closed";

export function stateOf(seat: Seat): SeatState {
  if (seat.is_available) return "free";
  if (seat.is_booked) return "sold";
  return seat.is_locked ? "held" : "closed";
}

/** Whether the sale is over: then even seats that nobody has cannot be had. */
export function isClosed(seats: readonly Seat[]): boolean {
  return seats.some((seat) => stateOf(seat) === "closed");
}

export function nameOf(seat: Seat): string {
  return `${seat.row_number}${seat.seat_number}`;
}
