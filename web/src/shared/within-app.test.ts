import { expect, test } from "vitest";
import { withinApp } from "./within-app";

test.each(["/checkout/7?method=wallet#pay", "/", "/bookings"])("leads to %s of this app", (path) => {
  expect(withinApp(path, "/")).toBe(path);
});

test.each([
  null,
  undefined,
  "",
  "https://elsewhere.example/",
  "//elsewhere.example",
  "/\\elsewhere.example",
  "/\t/elsewhere.example",
  "javascript:alert(1)",
  "//",
])("does not lead to %s", (path) => {
  expect(withinApp(path, "/home")).toBe("/home");
});
