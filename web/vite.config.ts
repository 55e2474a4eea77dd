import { defineConfig } from "vite";

// `assetsInlineLimit: 0`: the server's policy is `default-src 'self'`, which refuses data: addresses.
export default defineConfig({
  base: "./",
  build: { outDir: "../src/glimt/annotate/web/static", emptyOutDir: true, target: "es2022", assetsInlineLimit: 0, modulePreload: { polyfill: false } },
  server: { proxy: { "/api": "http://127.0.0.1:8765" } },
});
