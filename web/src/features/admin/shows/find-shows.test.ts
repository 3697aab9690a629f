import { expect, test } from "vitest";
import { findShows } from "./find-shows";
import type { Show } from "./shows-api";

const show = (title: string, more: Partial<Show> = {}) => ({ title, status: "ACTIVE", ...more }) as Show;
const titles = (shows: Show[]) => shows.map(({ title }) => title);
const shows = [
  show("Amélie", { language: "French" }),
  show("The Lighthouse", { language: "English", rating: "A" }),
  show("Old Light", { status: "CANCELLED" }),
];

test("accents and case do not matter", () => {
  expect(titles(findShows(shows, "AMELIE", false))).toEqual(["Amélie"]);
});
test("every word must be there, wherever it is", () => {
  expect(titles(findShows(shows, "english light", false))).toEqual(["The Lighthouse"]);
  expect(findShows(shows, "french light", false)).toEqual([]);
});
test("cancelled shows come on demand alone", () => {
  expect(titles(findShows(shows, "light", false))).toEqual(["The Lighthouse"]);
  expect(titles(findShows(shows, "light", true))).toEqual(["The Lighthouse", "Old Light"]);
});
