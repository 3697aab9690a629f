import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";
import { doorWorker } from "./vite-door-worker.ts";

/** Packs each file once, as small as it gets; the gateway serves the packed ones as they are. */
function pack(): Plugin {
  return {
    name: "pack",
    apply: "build",
    writeBundle({ dir }) {
      for (const entry of readdirSync(dir ?? "dist", { recursive: true, withFileTypes: true })) {
        if (!/\.(html|js|css|svg|json|wasm|webmanifest|txt)$/.test(entry.name)) continue;
        const file = join(entry.parentPath, entry.name);
        const content = readFileSync(file);
        if (content.length < 512) continue;
        writeFileSync(`${file}.gz`, gzipSync(content, { level: 9 }));
        writeFileSync(
          `${file}.br`,
          brotliCompressSync(content, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: content.length } }),
        );
      }
    },
  };
}

/** The files of the app come from the start, while the entry draws the early page. As scripts: modules would be parsed at once. */
function preloadApp(): Plugin {
  return {
    name: "preload-app",
    apply: "build",
    transformIndexHtml: {
      order: "post",
      handler(_html, { bundle = {} }) {
        const app = Object.values(bundle).find((chunk) => chunk.type === "chunk" && chunk.name === "mount");
        if (app?.type !== "chunk") throw new Error("There is no src/app/mount.tsx to be preloaded.");
        const isEntry = (file: string) => bundle[file]?.type === "chunk" && bundle[file].isEntry;
        const files = [app.fileName, ...app.imports].filter((file) => !isEntry(file));
        return files.map((file) => ({
          tag: "link",
          injectTo: "body" as const,
          attrs: { rel: "preload", as: "script", crossorigin: true, fetchpriority: "low", href: `/${file}` },
        }));
      },
    },
  };
}

/** Where `./run web` finds the server: its API, its pages about itself, and posters that it keeps on its disk. */
const server = process.env.TICKETSHOW_SERVER ?? "http://127.0.0.1:8000";

/** What every page needs: packed as one file it is smaller than as several, and stays the same while only we change. */
const frame =
  /node_modules\/(react|react-dom|scheduler|react-router|use-intl|intl-messageformat|@formatjs|openapi-fetch)\//;

export default defineConfig({
  plugins: [react(), doorWorker(), preloadApp(), pack()],
  resolve: { alias: { "@": join(import.meta.dirname, "src") } },
  build: {
    target: "es2023",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: { output: { codeSplitting: { groups: [{ name: "frame", test: frame }] } } },
  },
  server: {
    port: 5173,
    proxy: Object.fromEntries(["/api", "/posters", "/docs", "/openapi.json"].map((path) => [path, { target: server }])),
  },
});
