import type { Hall, Seat } from "./hall";

/** Where a key leads from a seat: over aisles to the next seat, and to the seat behind or in front. The same seat at the edge. */
export function moved(hall: Hall, from: Seat, key: string, control: boolean): Seat {
  const place = placeOf(hall, from);
  if (!place) return from;
  const { row, column } = place;
  const along = hall.rows[row]?.cells ?? [];
  switch (key) {
    case "ArrowRight":
      return along.slice(column + 1).find(isSeat) ?? from;
    case "ArrowLeft":
      return along.slice(0, column).findLast(isSeat) ?? from;
    case "ArrowDown":
      return nearest(hall, row + 1, column) ?? from;
    case "ArrowUp":
      return nearest(hall, row - 1, column) ?? from;
    case "Home":
      return (control ? hall.rows[0]?.cells : along)?.find(isSeat) ?? from;
    case "End":
      return (control ? hall.rows.at(-1)?.cells : along)?.findLast(isSeat) ?? from;
    default:
      return from;
  }
}

function isSeat(cell: Seat | undefined): cell is Seat {
  return cell !== undefined;
}

function placeOf(hall: Hall, seat: Seat): { row: number; column: number } | undefined {
  for (const [row, { cells }] of hall.rows.entries()) {
    const column = cells.findIndex((cell) => cell?.id === seat.id);
    if (column >= 0) return { row, column };
  }
  return undefined;
}

function nearest(hall: Hall, row: number, column: number): Seat | undefined {
  let found: { seat: Seat; distance: number } | undefined;
  for (const [at, seat] of (hall.rows[row]?.cells ?? []).entries()) {
    const distance = Math.abs(at - column);
    if (seat && (!found || distance < found.distance)) found = { seat, distance };
  }
  return found?.seat;
}
