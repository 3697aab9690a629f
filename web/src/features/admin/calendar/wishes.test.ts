import { expect, test } from "vitest";
import type { Block, Showing } from "./layout";
import { copiesOf, wishesFor } from "./wishes";

const film = { id: 7, title: "The Lighthouse", duration_minutes: 110 };

test("a show is wished for at each time of each day, once and in order", () => {
  const wishes = wishesFor(film, 3, ["2026-11-26", "2026-11-25"], [900, 600, 900]);
  expect(wishes.map(({ day, minutes }) => [day, minutes])).toEqual([
    ["2026-11-25", 600],
    ["2026-11-25", 900],
    ["2026-11-26", 600],
    ["2026-11-26", 900],
  ]);
  expect(wishes[0]).toMatchObject({ showId: 7, screenId: 3, duration: 110 });
});

test("a copied day keeps its shows, times and nights", () => {
  const block = (start: number): Block => ({
    day: "2026-11-25",
    start,
    end: start + 110,
    showing: { show_id: 7, show_title: "The Lighthouse", screen_id: 3 } as Showing,
  });
  const wishes = copiesOf([block(1450), block(600)], ["2026-11-26"]);
  expect(wishes.map(({ day, minutes, duration }) => [day, minutes, duration])).toEqual([
    ["2026-11-26", 600, 110],
    ["2026-11-26", 1450, 110],
  ]);
});
