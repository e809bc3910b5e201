// What the parts of the shared suite stand on: agents by behaviour, and tests that skip with a reason.
import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  DEFAULT_LIMITS,
  type ErrorCode,
  type JsonObject,
  type Limits,
  type LoadedAgent,
  type Runtime,
  type RuntimeCapabilities,
  type SourceFile,
} from '@pypes/contract';
import { expect, it } from 'vitest';
import { createTestContext, type TestContext, type TestContextOptions } from '../context.ts';
import type { Behaviour, RuntimeFixtures } from '../fixtures/fixtures.ts';
import { sourceFile } from '../source-file.ts';

export type Needs = { readonly agents: readonly Behaviour[]; readonly able?: readonly (keyof RuntimeCapabilities)[] };

export type Harness = ReturnType<typeof createHarness>;

type Parts = {
  readonly runtime: Runtime;
  readonly makeRuntime: () => Runtime;
  readonly fixtures: RuntimeFixtures;
  readonly folder: () => string;
};

export function createHarness({ runtime, makeRuntime, fixtures, folder }: Parts) {
  let files = 0;

  function text(behaviour: Behaviour): string {
    const source = fixtures.agents[behaviour];
    if (source === undefined) throw new Error(`There is no fixture for "${behaviour}"`);
    return source.replace(/^\n/, '');
  }

  async function file(behaviour: Behaviour, overrides: Partial<SourceFile> = {}, suffix = ''): Promise<SourceFile> {
    const filename = `${behaviour}_agent${fixtures.extension}`;
    const source = text(behaviour) + suffix;
    if (!fixtures.onDisk) return sourceFile(filename, source, overrides);
    const location = join(folder(), `${++files}_${filename}`);
    await writeFile(location, source);
    await chmod(location, 0o755);
    return sourceFile(filename, source, { location, executable: true, ...overrides });
  }

  function whyNot({ agents, able = [] }: Needs): string | undefined {
    const missing = able.find((capability) => !runtime.capabilities[capability]);
    if (missing !== undefined) return `the runtime is not able to: ${missing}`;
    for (const behaviour of agents) {
      if (fixtures.agents[behaviour] === undefined) return fixtures.absent?.[behaviour] ?? `no fixture "${behaviour}"`;
    }
    return undefined;
  }

  return {
    runtime,
    makeRuntime,
    noLines: fixtures.noLines === true,
    file,
    /** The line, from 1, of a fixture that contains `mark`. */
    lineOf(behaviour: Behaviour, mark: string): number {
      return (
        text(behaviour)
          .split('\n')
          .findIndex((line) => line.includes(mark)) + 1
      );
    },
    async load(behaviour: Behaviour, limits: Partial<Limits> = {}, from: Runtime = runtime): Promise<LoadedAgent> {
      const agents = await from.load(await file(behaviour), { ...DEFAULT_LIMITS, ...limits });
      expect(agents).toHaveLength(1);
      return agents[0] as LoadedAgent;
    },
    /** Declares a test, or says why it cannot be. */
    test(title: string, needs: Needs, body: () => Promise<void>): void {
      it(title, async ({ skip }) => {
        const reason = whyNot(needs);
        if (reason !== undefined) skip(reason);
        await body();
      });
    },
  };
}

/** One call with a context of its own. */
export async function runOnce(agent: LoadedAgent, args: JsonObject = {}, options: TestContextOptions = {}) {
  const context: TestContext = createTestContext({ agent: agent.metadata.name, ...options });
  try {
    return { output: await agent.run(context, args), context };
  } finally {
    context.end();
  }
}

export async function expectFailure(call: Promise<unknown>, ...codes: readonly ErrorCode[]): Promise<unknown> {
  const failure: unknown = await call.then(
    (value) => expect.fail(`Expected the failure ${codes.join(' or ')}, got ${JSON.stringify(value)}`),
    (error: unknown) => error,
  );
  expect(failure).toMatchObject({ name: 'PypesError' });
  expect(codes).toContain((failure as { code: ErrorCode }).code);
  return failure;
}
