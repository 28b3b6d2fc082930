import { defineConfig } from 'vitest/config';

// Tests of the page in a real Chromium, one after another: `npm run test:ui`. Not part of `npm test`, which needs no browser.
export default defineConfig({
  test: {
    root: '.',
    globalSetup: ['test/temporary-folder.ts'],
    include: ['test/page/**/*.test.ts'],
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
