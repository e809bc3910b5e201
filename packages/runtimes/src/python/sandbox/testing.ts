// What the tests of the sandbox share: where they are skipped and why, one sandbox for a test file, and single calls.
import { DEFAULT_LIMITS, type Json, type JsonObject, type Limits, type LoadedAgent } from '@pypes/contract';
import { afterAll, describe } from 'vitest';
import { createTestContext, type TestContextOptions } from '../../testing/context.ts';
import { sourceFile } from '../../testing/source-file.ts';
import { findBubblewrap } from './bubblewrap.ts';
import type { SandboxOptions } from './options.ts';
import { createPythonSandbox } from './sandbox.ts';

const found = await findBubblewrap();

/** Only outside CI. */
const skipReason = found.works || process.env.CI !== undefined ? undefined : found.reason;

/** A `describe` that runs where there is bubblewrap. */
export function describeSandbox(name: string, body: () => void): void {
  if (skipReason === undefined) describe(name, body);
  else describe.skip(`${name} (skipped: ${skipReason})`, body);
}

/** A sandbox for one test file, closed when its tests are over. */
export function useSandbox(options: SandboxOptions = {}) {
  const runtime = createPythonSandbox(options);
  afterAll(() => runtime.close());

  async function load(text: string, limits: Partial<Limits> = {}, packGuid = 'pack'): Promise<LoadedAgent> {
    const file = sourceFile('test_agent.py', text, { packGuid });
    const [agent] = await runtime.load(file, { ...DEFAULT_LIMITS, ...limits });
    if (agent === undefined) throw new Error('The file has no agent');
    return agent;
  }

  async function call(text: string, args: JsonObject = {}, context: TestContextOptions = {}): Promise<Json> {
    return (await load(text)).run(createTestContext(context), args);
  }

  return { runtime, load, call };
}
