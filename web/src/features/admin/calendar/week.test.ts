import { expect, test } from "vitest";
import { addDays, isDay, momentOf, mondayOf, parseClock, placeOf, printClock, weekFrom } from "./week";

test("a week begins on Monday, whatever its day", () => {
  expect(["2026-11-23", "2026-11-25", "2026-11-29"].map(mondayOf)).toEqual(Array(3).fill("2026-11-23"));
  expect(weekFrom("2026-12-28").at(-1)).toBe("2027-01-03");
});
test("days are counted over ends of months and clocks that change", () => {
  expect(addDays("2026-03-29", 1)).toBe("2026-03-30");
  expect(addDays("2027-03-01", -1)).toBe("2027-02-28");
});
test("a place is told by the venue's clock, not by the reader's", () => {
  expect(placeOf("2026-11-25T20:00:00Z", "Asia/Kolkata")).toEqual({ day: "2026-11-26", minutes: 90 });
  expect(momentOf({ day: "2026-11-26", minutes: 90 }, "Asia/Kolkata")).toBe("2026-11-25T20:00:00.000Z");
});
test("the night after a day is the next day's morning", () => {
  expect(momentOf({ day: "2026-11-25", minutes: 1470 }, "Europe/Berlin")).toBe("2026-11-25T23:30:00.000Z");
});
test("the same time of day is kept where clocks change", () => {
  const at = (day: string) => momentOf({ day, minutes: 600 }, "Europe/Berlin");
  expect([at("2026-03-28"), at("2026-03-29")]).toEqual(["2026-03-28T09:00:00.000Z", "2026-03-29T08:00:00.000Z"]);
});
test("a place survives the way there and back", () => {
  for (const zone of ["Asia/Kolkata", "Europe/Berlin", "America/St_Johns", "UTC"]) {
    for (const minutes of [0, 5, 615, 1439]) {
      const place = { day: "2026-11-25", minutes };
      expect(placeOf(momentOf(place, zone), zone)).toEqual(place);
    }
  }
});
test("clocks are read and written", () => {
  expect(printClock(1505)).toBe("01:05");
  expect(parseClock("09:05:30")).toBe(545);
  expect([parseClock("24:00"), parseClock("9:05"), parseClock("")]).toEqual([undefined, undefined, undefined]);
});
test("a day that does not exist is none", () => {
  expect(["2026-02-28", "2026-02-30", "tomorrow", ""].map(isDay)).toEqual([true, false, false, false]);
});
