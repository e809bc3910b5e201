// What every escape test stands on: an attacking agent in one sandbox, and a bystander whose call has to be unharmed.
import {
  DEFAULT_LIMITS,
  type ErrorCode,
  isPypesError,
  type Json,
  type JsonObject,
  type Limits,
  type LoadedAgent,
  PypesError,
  type Runtime,
} from '@pypes/contract';
import { afterAll, expect } from 'vitest';
import { createTestContext, type TestContext, type TestContextOptions } from '../testing/context.ts';
import { sourceFile } from '../testing/source-file.ts';

/** What a call gets at most where it blocks all the others. */
export const INLINE_LIMITS = { cpuMs: 20_000, guestBytes: 32 * 1024 * 1024 };

/** How a loop ends in threads: the host looks at its clock. */
export const BY_CLOCK = { within: {}, codes: ['timeout'] } as const;

/** How a loop ends inline: at its limit of CPU time, for nothing else runs meanwhile. */
export const BY_CPU = { within: { limits: { cpuMs: 400 } }, codes: ['timeout', 'resource_exhausted'] } as const;

/** How an attack ended. */
export type Outcome = {
  readonly output?: Json;
  readonly error?: PypesError;
  readonly context: TestContext;
  /** Milliseconds. */
  readonly took: number;
};

export type AttackOptions = TestContextOptions & {
  readonly args?: JsonObject;
  readonly limits?: Partial<Limits>;
  /** Milliseconds after which the call is stopped as a host does it. */
  readonly callMs?: number;
  readonly filename?: string;
};

/** A sandbox under attack. `bystander` is an agent that returns its argument `n`. */
export function createAttacks(makeRuntime: () => Runtime, extension: string, bystander: string) {
  let runtime: Runtime | undefined;
  let other: Promise<LoadedAgent> | undefined;
  const loaded = new Map<string, Promise<LoadedAgent>>();

  function open(): Runtime {
    runtime ??= makeRuntime();
    return runtime;
  }

  afterAll(async () => runtime?.close());

  async function load(source: string, { filename, limits = {}, packGuid }: AttackOptions = {}): Promise<LoadedAgent> {
    const name = filename ?? `attack${extension}`;
    const file = sourceFile(name, source, packGuid === undefined ? {} : { packGuid });
    const key = JSON.stringify([file.digest, packGuid, limits]);
    const known =
      loaded.get(key) ??
      open()
        .load(file, { ...DEFAULT_LIMITS, ...limits })
        .then(([agent]) => agent as LoadedAgent);
    loaded.set(key, known);
    return known;
  }

  /** Loads and runs an attack; whatever it does, it ends within its time. */
  async function attack(source: string, options: AttackOptions = {}): Promise<Outcome> {
    const { args = {}, callMs = 5_000 } = options;
    const context = createTestContext(options);
    const began = performance.now();
    const timer = setTimeout(() => context.abort(new PypesError('timeout', 'The call is over its limit')), callMs);
    try {
      const agent = await load(source, options);
      const output = await agent.run(context, args);
      return { output, context, took: performance.now() - began };
    } catch (error) {
      if (!isPypesError(error)) throw error;
      return { error, context, took: performance.now() - began };
    } finally {
      clearTimeout(timer);
      context.end();
    }
  }

  /** Another agent of the same sandbox still answers. */
  async function expectUnharmed(): Promise<void> {
    other ??= load(bystander, { filename: `bystander${extension}` });
    const agent = await other;
    const context = createTestContext({ userGuid: 'bystander' });
    expect(await agent.run(context, { n: 42 })).toBe(42);
    context.end();
  }

  return { attack, load, expectUnharmed, runtime: open };
}

/** The attack failed with one of these codes. */
export function expectStopped(outcome: Outcome, ...codes: readonly ErrorCode[]): void {
  expect(outcome.error, `got ${JSON.stringify(outcome.output)?.slice(0, 200)}`).toBeDefined();
  expect(codes).toContain(outcome.error?.code);
}

/** The limit that the failure names. */
export function limitOf(outcome: Outcome): Json | undefined {
  return outcome.error?.details?.limit;
}
