import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

// In development the screens talk to a station that serves on loopback: `station serve --demo`, or the fake of the tests.
const station = process.env['XUEYING_STATION'] ?? 'http://127.0.0.1:4180';
// The console (console.html) talks to a center: `central serve`.
const center = process.env['XUEYING_CENTER'] ?? 'http://127.0.0.1:7400';

export default defineConfig({
  plugins: [svelte()],
  base: './',
  clearScreen: false,
  server: {
    host: '127.0.0.1',
    port: 1420,
    strictPort: true,
    proxy: { '/call': { target: station }, '/pictures': { target: station }, '/api': { target: center }, '/my/api': { target: center } },
  },
  build: {
    target: ['chrome110', 'safari16'],
    // Nothing inlined: the content policy allows no data: scripts or fonts.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 900,
    // The windows of a station, and the console and the graduates' site a center serves.
    rolldownOptions: { input: ['index.html', 'console.html', 'my.html'] },
  },
  test: { include: ['tests/**/*.test.ts'], environment: 'node' },
});
