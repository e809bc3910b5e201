// What the tests of the Python runtime share: one runtime, agents from their text, and calls with a test context.
import { spawnSync } from 'node:child_process';
import type { SourceFile } from '@pypes/contract';
import { DEFAULT_LIMITS, type Json, type JsonObject, type Limits, type LoadedAgent, PypesError } from '@pypes/contract';
import { afterAll, describe } from 'vitest';
import { createTestContext, type TestContext, type TestContextOptions } from '../testing/context.ts';
import { sourceFile } from '../testing/source-file.ts';
import type { PythonOptions } from './options.ts';
import { createPythonRuntime } from './runtime.ts';

const python = process.env.PYPES_PYTHON ?? 'python3';

/** Why tests are skipped, where they are: only outside CI. */
const skipReason =
  process.env.CI === undefined && spawnSync(python, ['-c', '']).status !== 0
    ? `there is no "${python}" here`
    : undefined;

/** A `describe` that runs where there is a Python. */
export function describePython(name: string, body: () => void): void {
  if (skipReason === undefined) describe(name, body);
  else describe.skip(`${name} (skipped: ${skipReason})`, body);
}

export type Outcome = { readonly value: Json; readonly context: TestContext };

/** A runtime for one test file, closed when the file's tests are over. */
export function usePython(options: PythonOptions = {}) {
  const runtime = createPythonRuntime(options);
  afterAll(() => runtime.close());

  async function load(
    text: string,
    file: Partial<SourceFile> = {},
    limits: Partial<Limits> = {},
  ): Promise<LoadedAgent> {
    const [agent] = await loadAll(text, file, limits);
    if (agent === undefined) throw new Error('The file has no agent');
    return agent;
  }

  function loadAll(text: string, file: Partial<SourceFile> = {}, limits: Partial<Limits> = {}) {
    const source = sourceFile(file.filename ?? 'test_agent.py', text, file);
    return runtime.load(source, { ...DEFAULT_LIMITS, ...limits });
  }

  /** Loads and calls; gives the memory document back afterwards, as a host does. */
  async function call(text: string, args: JsonObject = {}, context: TestContextOptions = {}): Promise<Outcome> {
    return callAgent(await load(text), args, createTestContext(context));
  }

  return { runtime, load, loadAll, call };
}

export async function callAgent(agent: LoadedAgent, args: JsonObject, context: TestContext): Promise<Outcome> {
  try {
    return { value: await agent.run(context, args), context };
  } finally {
    context.end();
  }
}

/** The error that a promise rejects with; fails where it does not. */
export async function failureOf(promise: Promise<unknown>): Promise<PypesError> {
  const outcome = await promise.then(
    (value) => value,
    (error: unknown) => error,
  );
  if (outcome instanceof PypesError) return outcome;
  throw new Error(`Expected a PypesError, got ${JSON.stringify(outcome)} ${String(outcome)}`);
}

/** Wraps the body of a function `run(context, **args)` into an agent file. */
export function agentFile(body: string, head = ''): string {
  const indented = body.trim().replace(/^/gm, '    ');
  return `${head}\nAGENT = {"name": "test"}\ndef run(context, **args):\n${indented}\n`;
}

/** Polls until the condition holds; the test's own time limit ends a wait for what never comes. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 10));
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
