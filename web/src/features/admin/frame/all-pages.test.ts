import { expect, test } from "vitest";
import { allPages } from "./all-pages";

const list = (length: number) => Array.from({ length }, (_, row) => row);

test.each([0, 1, 99, 100, 101, 250])("a list of %i rows is read to its end, each row once", async (length) => {
  const rows = list(length);
  expect(await allPages(async ({ skip, limit }) => rows.slice(skip, skip + limit))).toEqual(rows);
});

test("a list without end is read 5,000 rows far", async () => {
  expect(await allPages(async ({ limit }) => list(limit))).toHaveLength(5000);
});
