import { expect, test } from "vitest";
import { blocksOf, fillTimes, openSpan, overlaps, type Showing, shownSpan, snap } from "./layout";

const showing = (start_time: string, end_time: string) => ({ start_time, end_time }) as Showing;
const hours = (opening_time: string, closing_time: string) => ({ opening_time, closing_time });

test("a closing time that is not later lies past midnight; equal times mean always open", () => {
  expect(openSpan(hours("10:00:00", "23:00:00"))).toEqual({ start: 600, end: 1380 });
  expect(openSpan(hours("10:00", "01:30"))).toEqual({ start: 600, end: 1530 });
  expect(openSpan(hours("08:00", "08:00"))).toEqual({ start: 0, end: 1440 });
});

test("what begins after midnight stands in the column of the evening before", () => {
  const open = openSpan(hours("10:00", "03:00"));
  const [evening, night] = blocksOf(
    [showing("2026-11-25T22:30:00Z", "2026-11-26T00:30:00Z"), showing("2026-11-26T00:45:00Z", "2026-11-26T02:45:00Z")],
    open,
    "UTC",
  );
  expect(evening).toMatchObject({ day: "2026-11-25", start: 1350, end: 1470 });
  expect(night).toMatchObject({ day: "2026-11-25", start: 1485, end: 1605 });
});

test("the calendar shows whole hours and whatever lies outside of today's opening hours", () => {
  expect(shownSpan({ start: 570, end: 1380 }, [{ start: 500, end: 620 }])).toEqual({ start: 480, end: 1380 });
  expect(shownSpan({ start: 600, end: 1350 }, [])).toEqual({ start: 600, end: 1380 });
});

test("a day is filled from opening to closing, around what stands there", () => {
  const open = { start: 600, end: 1320 };
  expect(fillTimes(open, [], 120, 30)).toEqual([600, 750, 900, 1050, 1200]);
  expect(fillTimes(open, [{ start: 700, end: 800 }], 120, 30)).toEqual([830, 980, 1130]);
  expect(fillTimes(open, [{ start: 600, end: 1320 }], 120, 0)).toEqual([]);
});

test("however full a day is, what fills it keeps its distance and the hours", () => {
  const seed = Math.floor(Math.random() * 2 ** 31);
  let state = seed;
  const below = (limit: number) => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return (state >>> 8) % limit;
  };
  for (let turn = 0; turn < 300; turn++) {
    const open = { start: below(720), end: 900 + below(700) };
    const busy = Array.from({ length: below(5) }, () => below(1500)).map((start) => ({ start, end: start + 90 }));
    const duration = 60 + below(120);
    const gap = below(40);
    const placed = fillTimes(open, busy, duration, gap).map((start) => ({ start, end: start + duration }));
    for (const [at, one] of placed.entries()) {
      expect(one.start >= open.start && one.end <= open.end, `seed ${seed}`).toBe(true);
      const apart = { start: one.start - gap, end: one.end + gap };
      const others = [...busy, ...placed.filter((_, other) => other !== at)];
      expect(
        others.some((other) => overlaps(apart, other)),
        `seed ${seed}`,
      ).toBe(false);
    }
  }
});

test("times snap to the nearest step", () => {
  expect([607, 608, 615].map((minutes) => snap(minutes, 15))).toEqual([600, 615, 615]);
});
