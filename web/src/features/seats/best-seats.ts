import { type Hall, type Row, type Seat, stateOf } from "./hall";

export interface BestSeats {
  seats: Seat[];
  /** Side by side; in two rows, one behind the other; or wherever there is one. */
  how: "together" | "twoRows" | "apart";
}

/** Free seats side by side, none of them across an aisle. */
interface Block {
  from: number;
  seats: Seat[];
  /** The worse, the farther from the best place of the hall. */
  cost: number;
}

/** The best row, as a share of the hall's depth from the screen; where the picture is as wide as one sees without turning. */
const bestDepth = 0.65;
/** What a row farther off costs, in seats farther to the side. */
const rowWeight = 1.5;

/**
 * The best free seats for `people`, by distance to the middle of the best row. They sit together if they can at all; if not, in two
 * rows one behind the other; if not, apart. Nothing when fewer are free.
 */
export function bestSeats(hall: Hall, people: number): BestSeats | undefined {
  const together = best(hall.rows.flatMap((row, index) => blocks(hall, row, index, people)));
  if (together) return { seats: together.seats, how: "together" };
  const twoRows = bestInTwoRows(hall, people);
  if (twoRows) return { seats: twoRows, how: "twoRows" };
  const singles = hall.rows.flatMap((row, index) => blocks(hall, row, index, 1));
  if (singles.length < people) return undefined;
  const nearest = singles.sort((one, other) => one.cost - other.cost).slice(0, people);
  return { seats: inOrder(nearest.flatMap((block) => block.seats)), how: "apart" };
}

function bestInTwoRows(hall: Hall, people: number): Seat[] | undefined {
  let found: { seats: Seat[]; cost: number } | undefined;
  for (let index = 0; index + 1 < hall.rows.length; ++index) {
    for (let inFront = 1; inFront < people; ++inFront) {
      const front = hall.rows[index];
      const behind = hall.rows[index + 1];
      if (!front || !behind) continue;
      for (const one of blocks(hall, front, index, inFront)) {
        for (const other of blocks(hall, behind, index + 1, people - inFront)) {
          if (!overlap(one, other)) continue;
          const cost = one.cost + other.cost;
          if (!found || cost < found.cost) found = { seats: [...one.seats, ...other.seats], cost };
        }
      }
    }
  }
  return found?.seats;
}

function overlap(one: Block, other: Block): boolean {
  return one.from < other.from + other.seats.length && other.from < one.from + one.seats.length;
}

function blocks(hall: Hall, row: Row, index: number, size: number): Block[] {
  const found: Block[] = [];
  const bestRow = (hall.rows.length - 1) * bestDepth;
  const middle = (hall.columns - 1) / 2;
  for (let from = 0; from + size <= row.cells.length; ++from) {
    const seats = row.cells.slice(from, from + size).filter((seat) => seat !== undefined && stateOf(seat) === "free");
    if (seats.length < size) continue;
    let cost = 0;
    for (let column = from; column < from + size; ++column) {
      cost += ((index - bestRow) * rowWeight) ** 2 + (column - middle) ** 2;
    }
    found.push({ from, seats: seats as Seat[], cost });
  }
  return found;
}

function best(candidates: Block[]): Block | undefined {
  return candidates.reduce<Block | undefined>(
    (least, block) => (!least || block.cost < least.cost ? block : least),
    undefined,
  );
}

function inOrder(seats: Seat[]): Seat[] {
  return seats.sort((one, other) => one.id - other.id);
}
