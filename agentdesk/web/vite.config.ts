import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

// Everything is a file of its own: the content security policy (policy.txt)
// allows neither inline script nor inline style nor data: scripts.
export default defineConfig({
  plugins: [react()],
  build: {
    target: "es2023",
    cssTarget: ["chrome125", "firefox128", "safari18"], // light-dark() stays as it is
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    emptyOutDir: false, // dist/.gitkeep stays; `npm run build` clears the rest
    chunkSizeWarningLimit: 900,
  },
  server: {
    port: 25173,
    proxy: {
      "/api": { target: "http://127.0.0.1:28190", ws: true },
      "/sip": { target: "http://127.0.0.1:28190", ws: true },
    },
  },
  test: { environment: "happy-dom", include: ["src/**/*.test.{ts,tsx}"], restoreMocks: true },
});
