/** Builds the web app: `npm run build:web`. The result holds no inline script or style, so that the server's policy can forbid them. */
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { world } from './world-plugin.ts';

/** For `npx vite web`: where the daemon's console listens while pages are worked on. */
const DAEMON = process.env.RINGFENCE_URL ?? 'http://127.0.0.1:8470';

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), world()],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    // For the copyright file of the packages: whose work is in the pages.
    license: true,
    target: 'es2023',
    // The first that know light-dark(): older targets get a replacement that follows the system, not the choice of the user.
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
    // A data: URL would need an exception in the policy of the server.
    assetsInlineLimit: 0,
    // The polyfill is an inline script.
    modulePreload: { polyfill: false },
    // Only what is loaded late may be large: the charts. test/web-budget.test.ts holds the limit of the rest.
    chunkSizeWarningLimit: 1200,
    reportCompressedSize: false,
  },
  server: { proxy: { '/api': { target: DAEMON, changeOrigin: false } } },
});
