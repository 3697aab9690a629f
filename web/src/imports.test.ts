// @vitest-environment node
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { expect, test } from "vitest";

/** What the files of each part may import beside those of their own (README.md). The entry, main.ts, knows all. */
const mayImport: Record<string, string[]> = {
  app: ["features", "shared", "messages", "api"],
  features: ["features/session", "shared", "messages", "api"],
  shared: ["messages", "api"],
  messages: [],
  api: [],
};

const source = import.meta.dirname;
/** Any import, of types too, now or on demand. */
const imports = /\b(?:from|import)\s*\(?\s*["']([^"']+)["']/g;

interface Import {
  from: string;
  to: string;
}

/** What the files of `src` import of each other, as paths within it. */
function importsWithin(): Import[] {
  const files = readdirSync(source, { recursive: true, encoding: "utf8" }).filter((file) => /\.tsx?$/.test(file));
  return files.flatMap((file) =>
    [...readFileSync(join(source, file), "utf8").matchAll(imports)].flatMap(([, name = ""]) => {
      if (name.startsWith("@/")) return { from: file, to: name.slice(2) };
      return name.startsWith(".") ? { from: file, to: relative(source, resolve(source, dirname(file), name)) } : [];
    }),
  );
}

/** The folder a file belongs to: `shared`, or `features/seats`. */
const partOf = (path: string) => path.split("/", path.startsWith("features/") ? 2 : 1).join("/");

function isForbidden({ from, to }: Import): boolean {
  const [part, other] = [partOf(from), partOf(to)];
  const allowed = mayImport[part.split("/")[0] ?? ""];
  return allowed !== undefined && part !== other && !allowed.some((one) => `${other}/`.startsWith(`${one}/`));
}

test("a feature may use session and what is below, nothing of another feature or above", () => {
  const seats = "features/seats/seats-page.tsx";
  expect(isForbidden({ from: seats, to: "features/session/session" })).toBe(false);
  expect(isForbidden({ from: seats, to: "features/checkout/api" })).toBe(true);
  expect(isForbidden({ from: seats, to: "app/router" })).toBe(true);
  expect(isForbidden({ from: "shared/notify.ts", to: "features/session/session" })).toBe(true);
  expect(isForbidden({ from: "api/client.ts", to: "shared/money" })).toBe(true);
});

test("all imports go app → features → shared → api", () => {
  const found = importsWithin();
  expect(found.length).toBeGreaterThan(500);
  expect(found.filter(isForbidden).map(({ from, to }) => `${from} → ${to}`)).toEqual([]);
});
