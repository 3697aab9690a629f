import { expect, test } from "vitest";
import { countdown } from "./countdown";

test.each([
  [600, "10:00"],
  [545.9, "9:05"],
  [59.99, "0:59"],
  [0.4, "0:00"],
  [-3, "0:00"],
])("%s seconds are shown as %s", (seconds, shown) => {
  expect(countdown(seconds)).toBe(shown);
});
