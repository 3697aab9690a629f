import { expect, test } from "vitest";
import { bestSeats } from "./best-seats";
import { type Hall, hallOf, nameOf, type Seat } from "./hall";
import { randomFrom, seatAt } from "./testing";

const taken = { is_available: false, is_booked: true };

/** Rows from the screen backwards; `.` is free, `x` is taken, a space is an aisle. */
function hall(...rows: string[]): Hall {
  return hallOf(
    rows.flatMap((row, index) =>
      [...row].flatMap((mark, column) =>
        mark === " " ? [] : [seatAt(String.fromCharCode(65 + index), column + 1, mark === "x" ? taken : {})],
      ),
    ),
  );
}

const named = (found: { seats: Seat[] } | undefined) => found?.seats.map(nameOf).join(" ");

test("the best seats are in the middle, behind the middle of the depth", () => {
  expect(named(bestSeats(hall(".....", ".....", ".....", "....."), 1))).toBe("C3");
  expect(named(bestSeats(hall(".......", ".......", ".......", "......."), 3))).toBe("C3 C4 C5");
});

test("people sit side by side, though the seats are worse", () => {
  expect(bestSeats(hall("...", "x.x", ".x."), 2)).toMatchObject({ how: "together" });
  expect(named(bestSeats(hall("..x", "x.x", ".x."), 2))).toBe("A1 A2");
});

test("nobody is parted by an aisle", () => {
  expect(named(bestSeats(hall("x. .x", "x. .x", "..xxx"), 2))).toBe("C1 C2");
});

test("where no row has room, people sit in two rows one behind the other", () => {
  const found = bestSeats(hall("xxxxx", "..xxx", "..xxx"), 4);
  expect(found).toMatchObject({ how: "twoRows" });
  expect(named(found)).toBe("B1 B2 C1 C2");
});

test("where two rows have no room either, people get what there is", () => {
  const found = bestSeats(hall(".xxxx", "xxxxx", "xx.xx"), 2);
  expect(found).toMatchObject({ how: "apart" });
  expect(named(found)).toBe("A1 C3");
});

test("there is no offer when too few seats are free", () => {
  expect(bestSeats(hall(".x", "xx"), 2)).toBeUndefined();
});

test("any offer is of free seats, each once, and sits together whenever it says so or could", () => {
  const seed = Date.now() % 2 ** 31;
  const random = randomFrom(seed);
  for (let round = 0; round < 300; ++round) {
    const rows = 1 + Math.floor(random() * 8);
    const columns = 1 + Math.floor(random() * 14);
    const share = random();
    const marks = () => Array.from({ length: columns }, () => (random() < 0.08 ? " " : random() < share ? "x" : "."));
    const drawn = Array.from({ length: rows }, () => marks().join(""));
    const people = 1 + Math.floor(random() * 10);
    const found = bestSeats(hall(...drawn), people);
    const about = `seed ${seed}, round ${round}: ${people} of ${JSON.stringify(drawn)}`;

    const free = drawn.join("").split(".").length - 1;
    expect(found !== undefined, about).toBe(free >= people);
    if (!found) continue;
    expect(new Set(found.seats.map((seat) => seat.id)).size, about).toBe(people);
    expect(
      found.seats.every((seat) => seat.is_available),
      about,
    ).toBe(true);
    const couldSitTogether = drawn.some((row) => row.includes(".".repeat(people)));
    expect(found.how === "together", about).toBe(couldSitTogether);
    if (found.how === "together") {
      const [first] = found.seats;
      const run = found.seats.map((seat) => Number(seat.seat_number) - Number(first?.seat_number));
      expect(run, about).toEqual(run.map((_, index) => index));
      expect(new Set(found.seats.map((seat) => seat.row_number)).size, about).toBe(1);
    }
    if (found.how === "twoRows") expect(new Set(found.seats.map((seat) => seat.row_number)).size, about).toBe(2);
  }
});

test("an offer in the largest hall is there before anybody waits", () => {
  const large = hall(...Array.from({ length: 34 }, (_, row) => (row % 2 ? "x." : ".x").repeat(30)));
  const begun = performance.now();
  expect(bestSeats(large, 10)).toMatchObject({ how: "apart" });
  expect(performance.now() - begun).toBeLessThan(1000);
});
