import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Plugin, Rollup } from "vite";

const source = join(import.meta.dirname, "src/features/door/worker/door-worker.js");
const otherFeatures = /\/src\/features\/(?!door\/|session\/)/;

/** Makes /door-worker.js, which keeps what /door needs to open without a network: the app's frame and that page, no other. */
export function doorWorker(): Plugin {
  return {
    name: "door-worker",
    apply: "build",
    generateBundle: {
      order: "post",
      handler(_, bundle) {
        const files = [
          "/index.html",
          "/color-scheme.js",
          "/favicon.svg",
          ...[...filesOfDoor(bundle)].map((file) => `/${file}`),
        ];
        const text = readFileSync(source, "utf8").replace('["/index.html"]', JSON.stringify(files.sort()));
        const version = createHash("sha256")
          .update(text + contentOf(bundle["index.html"]))
          .digest("hex")
          .slice(0, 16);
        this.emitFile({ type: "asset", fileName: "door-worker.js", source: text.replace("VERSION", version) });
      },
    },
  };
}

const contentOf = (file: Rollup.OutputBundle[string] | undefined) =>
  file?.type === "asset" ? String(file.source) : "";

/** All that the entry can load, but for the pages of other features. */
function filesOfDoor(bundle: Rollup.OutputBundle): Set<string> {
  const found = new Set<string>();
  const visit = (name: string) => {
    const chunk = bundle[name];
    if (found.has(name) || chunk?.type !== "chunk") return;
    if (chunk.facadeModuleId && otherFeatures.test(chunk.facadeModuleId)) return;
    found.add(name);
    for (const file of [...(chunk.viteMetadata?.importedCss ?? []), ...(chunk.viteMetadata?.importedAssets ?? [])])
      found.add(file);
    for (const next of [...chunk.imports, ...chunk.dynamicImports]) visit(next);
  };
  for (const file of Object.values(bundle)) if (file.type === "chunk" && file.isEntry) visit(file.fileName);
  return found;
}
