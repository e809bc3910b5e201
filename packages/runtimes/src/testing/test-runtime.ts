// The shared suite of all runtimes: the same agents in every language behave the same.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Runtime } from '@pypes/contract';
import { afterAll, beforeAll, describe } from 'vitest';
import type { RuntimeFixtures } from './fixtures/fixtures.ts';
import { testCalls } from './suite/calls.ts';
import { testContext } from './suite/context.ts';
import { createHarness } from './suite/harness.ts';
import { testLimits } from './suite/limits.ts';
import { testMetadata } from './suite/metadata.ts';
import { testMixed } from './suite/mixed.ts';

/**
 * Declares the suite for one runtime and one language. What the runtime's capabilities or the fixtures leave out is
 * skipped with the reason.
 *
 * @example
 * testRuntime('javascript', () => createJavascriptRuntime(), javascriptFixtures);
 */
export function testRuntime(name: string, makeRuntime: () => Runtime, fixtures: RuntimeFixtures): void {
  describe(`runtime ${name}`, () => {
    const runtime = makeRuntime();
    let folder = '';
    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'pypes-runtime-'));
    });
    afterAll(async () => {
      await runtime.close();
      await rm(folder, { recursive: true, force: true });
    });
    const harness = createHarness({ runtime, makeRuntime, fixtures, folder: () => folder });
    describe('metadata', () => testMetadata(harness));
    describe('calls', () => testCalls(harness));
    describe('context', () => testContext(harness));
    describe('limits', () => testLimits(harness));
    describe('mixed', () => testMixed(harness));
  });
}
