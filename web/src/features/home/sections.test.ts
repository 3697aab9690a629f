import { expect, test } from "vitest";
import type { PlayingShow } from "./playing";
import { sectionsOf } from "./sections";

const show = (id: number, first_start: string) => ({ id, first_start }) as PlayingShow;
const names = (shows: PlayingShow[]) =>
  sectionsOf(shows, "2026-11-25").map(({ name, cards }) => [name, ...cards.map(({ show }) => show.id)]);

test("what begins today stands before what begins later, and no section is empty", () => {
  const [early, late, next] = [
    show(1, "2026-11-25T06:00:00"),
    show(2, "2026-11-25T23:30:00"),
    show(3, "2026-11-26T00:10:00"),
  ];
  expect(names([next, early, late])).toEqual([
    ["today", 1, 2],
    ["week", 3],
  ]);
  expect(names([next])).toEqual([["week", 3]]);
  expect(names([])).toEqual([]);
});

test("the first four of the first section are seen first", () => {
  const week = Array.from({ length: 6 }, (_, id) => show(id, "2026-11-27T12:00:00"));
  const first = (shows: PlayingShow[]) =>
    sectionsOf(shows, "2026-11-25").flatMap(({ cards }) =>
      cards.filter((card) => card.isFirst).map(({ show }) => show.id),
    );
  expect(first(week)).toEqual([0, 1, 2, 3]);
  expect(first([show(9, "2026-11-25T12:00:00"), ...week])).toEqual([9]);
});
