// Loads core modules from their text, for tests.
import {
  DEFAULT_LIMITS,
  type JsonObject,
  type Limits,
  type LoadedAgent,
  PypesError,
  type Runtime,
} from '@pypes/contract';
import { createTestContext, type TestContextOptions } from '../../../testing/context.ts';
import { sourceFile } from '../../../testing/source-file.ts';
import { assemble } from './assemble.ts';
import { type WatParts, wat } from './wat.ts';

/** A module whose `run` is this; its parameters are `$at` and `$length`. */
export function running(run: string, parts: Partial<WatParts> = {}): string {
  const code = `(func (export "run") (param $at i32) (param $length i32) (result i64) ${run}) ${parts.code ?? ''}`;
  return wat({ agent: '{"name":"test"}', ...parts, code });
}

export async function loadText(runtime: Runtime, text: string, limits: Partial<Limits> = {}): Promise<LoadedAgent> {
  const file = sourceFile('test.wasm', await assemble(text), { path: 'agents/test.wasm' });
  const [agent] = await runtime.load(file, { ...DEFAULT_LIMITS, ...limits });
  return agent as LoadedAgent;
}

export function call(agent: LoadedAgent, args: JsonObject = {}, options: TestContextOptions = {}) {
  return agent.run(createTestContext(options), args);
}

/** What a promise failed with, as data; a value where it did not. */
export function failureOf(promise: Promise<unknown>) {
  return promise.then(
    (value) => ({ value }),
    (error: unknown) =>
      error instanceof PypesError ? { code: error.code, message: error.message, details: error.details } : { error },
  );
}
