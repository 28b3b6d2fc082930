import { defineConfig } from 'vitest/config';

// One after another: they share the two nodes of the cluster.
export default defineConfig({
  test: {
    include: ['test/peers/slurm/*.slurm.ts'],
    globalSetup: ['test/temporary-folder.ts'],
    fileParallelism: false,
    testTimeout: 300_000,
    hookTimeout: 60_000,
  },
});
