// A component runtime for tests: components are loaded from their bytes, and called by the names of their functions.
import {
  DEFAULT_LIMITS,
  isPypesError,
  type Json,
  type JsonObject,
  type Limits,
  type LoadedAgent,
  type SourceFile,
} from '@pypes/contract';
import { createTestContext, type TestContext, type TestContextOptions } from '../../testing/context.ts';
import { sourceFile } from '../../testing/source-file.ts';
import { type ComponentOptions, createComponentRuntime } from '../index.ts';

export type UseOptions = TestContextOptions & { readonly context?: TestContext };

/** Calls a function of a loaded component, by its short name or its whole one. */
export type Use = (agent: string, args?: JsonObject, options?: UseOptions) => Promise<Json>;

export type Loaded = { readonly agents: readonly LoadedAgent[]; readonly use: Use };

export function createHarness(options?: ComponentOptions) {
  const runtime = createComponentRuntime(options);
  let loads = 0;
  return {
    runtime,
    close: () => runtime.close(),
    async load(
      bytes: Uint8Array | Promise<Uint8Array>,
      limits: Partial<Limits> = {},
      file: Partial<SourceFile> = {},
    ): Promise<Loaded> {
      const source = sourceFile(`component-${++loads}.wasm`, await bytes, file);
      const agents = await runtime.load(source, { ...DEFAULT_LIMITS, ...limits });
      return { agents, use: (agent, args, uses) => call(agents, agent, args, uses) };
    },
  };
}

async function call(agents: readonly LoadedAgent[], name: string, args: JsonObject = {}, options: UseOptions = {}) {
  const agent = agents.find(({ metadata }) => metadata.name === name || metadata.wit === name);
  if (agent === undefined) throw new Error(`There is no ${name}`);
  return agent.run(options.context ?? createTestContext({ agent: agent.metadata.name, ...options }), args);
}

/** What a call gave, or how it failed: what is no error of the contract is a failure of the test. */
export async function outcomeOf(promise: Promise<unknown>) {
  try {
    return { value: await promise };
  } catch (error) {
    if (!isPypesError(error)) throw error;
    return { code: error.code, message: error.message, details: error.details ?? {} };
  }
}
