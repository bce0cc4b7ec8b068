import react from "@vitejs/plugin-react";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

/** Where `npm run dev` finds a centre: a running one's front door, or the mock of `npm run mock`. */
const centre = process.env.HOTLINE_DEV_CENTRE ?? "http://127.0.0.1:18800";
const proxied = { target: centre, changeOrigin: false, secure: false };

export default defineConfig({
  plugins: [react()],
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  build: {
    outDir: "../src/hotline/frontend_build",
    emptyOutDir: true,
    target: "es2023",
    chunkSizeWarningLimit: 1200,
    // Content-Security-Policy allows no data: scripts or fonts, so nothing is inlined.
    assetsInlineLimit: 0,
    // The public pages are a light entry of their own: web serves visitor.html at /chat/… and /form/….
    rollupOptions: { input: ["index.html", "visitor.html"] },
  },
  worker: { format: "es" },
  server: {
    port: 18801,
    proxy: {
      "/api": proxied,
      "/_allauth": proxied,
      "/live": { ...proxied, ws: true },
      "/sip": { ...proxied, ws: true },
    },
  },
  test: {
    restoreMocks: true,
    projects: [
      { extends: true, test: { name: "plain", environment: "node", include: ["tests/plain/**/*.test.ts"] } },
      {
        extends: true,
        test: {
          name: "page",
          environment: "jsdom",
          include: ["tests/page/**/*.test.{ts,tsx}"],
          setupFiles: ["tests/page/setup.ts"],
        },
      },
    ],
  },
});
