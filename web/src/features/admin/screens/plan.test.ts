import { expect, test } from "vitest";
import { rowsOf, seatsPath } from "./plan";

test("rows are full but the last", () => {
  expect(rowsOf(24, 12)).toEqual([12, 12]);
  expect(rowsOf(25, 12)).toEqual([12, 12, 1]);
  expect(rowsOf(5, 12)).toEqual([5]);
});

test("a random screen has all its seats, in rows that the screen allows", () => {
  const seed = Math.floor(Math.random() * 2 ** 31);
  let state = seed;
  const below = (limit: number) => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return (state >>> 8) % limit;
  };
  for (let turn = 0; turn < 200; turn++) {
    const capacity = 1 + below(2000);
    const perRow = 1 + below(60);
    const rows = rowsOf(capacity, perRow);
    const seats = rows.reduce((sum, row) => sum + row, 0);
    expect(seats, `seed ${seed}`).toBe(capacity);
    expect(Math.max(...rows), `seed ${seed}`).toBeLessThanOrEqual(perRow);
  }
});

test("each seat is drawn once, in its place", () => {
  const path = seatsPath(0, 5, 3, 10);
  expect(path.match(/M[\d.]+ [\d.]+/g)).toEqual(["M0 0", "M10 0", "M20 0", "M0 10", "M10 10"]);
  expect(seatsPath(3, 5, 3, 10).match(/M[\d.]+ [\d.]+/g)).toEqual(["M0 10", "M10 10"]);
});
