import { join } from "node:path";
import { defineConfig } from "vitest/config";

/** The flows: a real Chromium against the real binary. `./test web-flows` starts what they need. */
export default defineConfig({
  resolve: { alias: { "@": join(import.meta.dirname, "src") } },
  test: {
    include: ["tests/**/*.flow.ts"],
    environment: "node",
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
