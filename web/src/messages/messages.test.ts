import { readFileSync } from "node:fs";
import { join } from "node:path";
import { IntlMessageFormat } from "intl-messageformat";
import { expect, test } from "vitest";
import en from "./en";
import enHouse from "./en/house";
import hi from "./hi";
import hiHouse from "./hi/house";

type Tree = { [key: string]: string | Tree };

function leaves(tree: Tree, path = ""): [string, string][] {
  return Object.entries(tree).flatMap(([key, value]) =>
    typeof value === "string" ? [[path + key, value] as [string, string]] : leaves(value, `${path}${key}.`),
  );
}

/** The names of what is filled in, however deep in plurals. */
function argumentsOf(message: string): string[] {
  const names = new Set<string>();
  const walk = (elements: ReturnType<IntlMessageFormat["getAst"]>) => {
    for (const element of elements) {
      if (element.type !== 0 && element.type !== 7) names.add(element.value);
      if ("options" in element) for (const option of Object.values(element.options)) walk(option.value);
      if ("children" in element) walk(element.children);
    }
  };
  walk(new IntlMessageFormat(message, "en").getAst());
  return [...names].sort();
}

test.each([
  ["what people who book read", en, hi],
  ["what those read who run the house", enHouse, hiHouse],
])("%s is said in every language, with the same things filled in", (_, english, hindi) => {
  const said = leaves(english as Tree);
  expect(leaves(hindi as Tree).map(([key]) => key)).toEqual(said.map(([key]) => key));
  const inHindi = new Map(leaves(hindi as Tree));
  for (const [key, message] of said) {
    expect([key, argumentsOf(inHindi.get(key) ?? "")]).toEqual([key, argumentsOf(message)]);
  }
});

test("every refusal that is said here is one that the API knows", () => {
  const document = readFileSync(join(import.meta.dirname, "../../../docs/openapi.json"), "utf8");
  expect(Object.keys({ ...en.refusals, ...enHouse.refusals }).filter((code) => !document.includes(code))).toEqual([]);
});
