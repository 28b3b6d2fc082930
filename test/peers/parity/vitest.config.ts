import { defineConfig } from 'vitest/config';

// One file after another: each starts a Python of its own beside it.
export default defineConfig({
  test: {
    include: ['test/peers/parity/*.parity.ts'],
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 900_000,
  },
});
