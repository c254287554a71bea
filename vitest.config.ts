import { resolve } from 'node:path';
import { defineConfig } from 'vitest/config';

const inCi = process.env['CI'] === 'true';

/** As users' modules import them. */
const alias = {
  'play/kit/testing': resolve('engine/kit/testing/index.ts'),
  'play/kit': resolve('engine/kit/index.ts'),
};

export default defineConfig({
  resolve: { alias },
  test: {
    globalSetup: ['test/machine.ts'],
    reporters: inCi ? ['default', ['json', { outputFile: 'test-results.json' }]] : ['default'],
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/hosts/**'],
          testTimeout: 60_000,
          hookTimeout: 120_000,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          // Folders of one's own modules: `npx vitest run mine`.
          name: 'own',
          include: ['*/**/*.test.ts'],
          exclude: ['test/**', 'node_modules/**', 'dist/**'],
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: 'hosts',
          include: ['test/hosts/**/*.test.ts'],
          // Real hosts share this machine: one suite at a time, when nothing else runs.
          fileParallelism: false,
          testTimeout: 600_000,
          hookTimeout: 900_000,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
