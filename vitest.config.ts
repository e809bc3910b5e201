import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  // Its `exports` names a file for Node that it does not have; at the edge, bundlers take the one that it has.
  resolve: {
    alias: {
      '@swc/wasm-typescript-esm': fileURLToPath(
        new URL('./node_modules/@swc/wasm-typescript-esm/wasm.js', import.meta.url),
      ),
    },
  },
  test: {
    include: [
      'packages/*/src/**/*.test.ts',
      'packages/*/test/**/*.test.ts',
      'scripts/**/*.test.ts',
      'examples/**/*.test.ts',
      'bench/**/*.test.ts',
    ],
    globalSetup: ['scripts/tests/temporary.ts'],
    // Generous: no test depends on the machine's speed, and a busy one takes its time.
    testTimeout: 90_000,
    hookTimeout: 90_000,
    expect: { poll: { timeout: 30_000 } },
    pool: 'forks',
    // Many tests wait for processes of their own: one worker more than there are cores.
    maxWorkers: availableParallelism() + 1,
  },
});
