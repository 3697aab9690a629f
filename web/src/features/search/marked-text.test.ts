import { expect, test } from "vitest";
import { piecesOf } from "./marked-text";

test("what was searched for is marked, what was escaped is text", () => {
  expect(piecesOf("Tom &amp; <mark>Jer</mark>ry")).toEqual([
    { text: "Tom & ", isMarked: false },
    { text: "Jer", isMarked: true },
    { text: "ry", isMarked: false },
  ]);
});

test("nothing of a highlight becomes an element of the page", () => {
  expect(piecesOf("<img src=x onerror=alert(1)>a&lt;b&gt;")).toEqual([{ text: "a<b>", isMarked: false }]);
});
