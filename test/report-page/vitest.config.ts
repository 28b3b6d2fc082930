import { defineConfig } from 'vitest/config';

// Apart from the other tests: these need Chromium, and the reports of a run in PIPE_REPORTS (test/peers/run.sh makes both).
export default defineConfig({
  test: {
    name: 'report-page',
    root: new URL('.', import.meta.url).pathname,
    include: ['**/*.test.ts'],
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
