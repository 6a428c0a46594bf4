// How vitest runs the tests.
import { defineConfig } from 'vitest/config';
import { tablePositions } from './scripts/table-positions.mjs';

/** Where .ci/run wants vitest's own count. */
const outputFile = process.env.VITEST_RESULTS;

export default defineConfig({
  // For the tests that import lib/ itself.
  plugins: [tablePositions],
  test: {
    include: ['test/**/*.test.ts'],
    reporters: outputFile ? ['default', ['json', { outputFile }]] : ['default'],
    setupFiles: ['test/support/setup.ts'],
    // A process a file: tests change dispositions, limits and descriptors.
    pool: 'forks',
    // The addon and the library are what users load, not a transformed copy.
    server: { deps: { external: [/\/dist\//] } },
  },
});
