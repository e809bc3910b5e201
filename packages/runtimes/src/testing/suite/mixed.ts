// Shared suite: calls of every kind at once, some of them stopped: each has its own end, and nobody else's.
import { DEFAULT_LIMITS, type Json, type LoadedAgent, PypesError } from '@pypes/contract';
import fc from 'fast-check';
import { createTestContext } from '../context.ts';
import type { Harness } from './harness.ts';

/** Longer than any batch of calls takes on a busy machine: one that takes longer has been forgotten. */
const FORGOTTEN_MS = 60_000;

const call = fc.record({
  what: fc.constantFrom('echo', 'echo', 'echo', 'compute', 'ask', 'print', 'fail'),
  /** Which of two packs. */
  pack: fc.nat(1),
  user: fc.constantFrom('ann', 'bo', 'cy'),
  /** Around the pieces in which pipes and sockets are read, and far beyond. */
  text: fc
    .tuple(
      fc.constantFrom('x', 'é'),
      fc.oneof({ weight: 4, arbitrary: fc.nat(300) }, fc.integer({ min: 60_000, max: 70_000 }), fc.nat(600_000)),
    )
    .map(([unit, count]) => unit.repeat(count)),
  rounds: fc.nat(100_000),
  delayMs: fc.option(fc.nat(20), { freq: 5 }),
  stopMs: fc.option(fc.nat(30), { freq: 6 }),
});

type Call = typeof call extends fc.Arbitrary<infer One> ? One : never;

export function testMixed({ test, runtime, file }: Harness): void {
  test('each of many calls of every kind has its own end', { agents: ['mixed'] }, async () => {
    const packs = await Promise.all(
      ['pack-a', 'pack-b'].map(async (packGuid) => runtime.load(await file('mixed', { packGuid }), DEFAULT_LIMITS)),
    );
    const agents = packs.flat() as [LoadedAgent, LoadedAgent];
    const batches = fc.array(call, { minLength: 1, maxLength: 40, size: 'max' });
    await fc.assert(
      fc.asyncProperty(batches, async (calls) => {
        const someStop = calls.some(({ stopMs }) => stopMs !== null);
        await Promise.all(calls.map((each, n) => expectOwnEnd(agents[each.pack] as LoadedAgent, each, n, someStop)));
      }),
      { numRuns: 12, endOnFailure: true, timeout: FORGOTTEN_MS },
    );
  });
}

async function expectOwnEnd(agent: LoadedAgent, call: Call, n: number, someStop: boolean): Promise<void> {
  const { what, user, text, rounds, delayMs, stopMs } = call;
  const onCall = async (_agent: string, args: Json) => {
    await sleep(delayMs ?? 0);
    return args;
  };
  const context = createTestContext({ userGuid: user, onCall });
  if (delayMs !== null) await sleep(delayMs);
  const stopping = stopMs === null ? undefined : setTimeout(() => context.abort(), stopMs);
  try {
    const output = JSON.stringify(await agent.run(context, { n, what, text, rounds }));
    const expected = JSON.stringify(what === 'echo' ? { n, text } : { n });
    if (what === 'fail' || output !== expected) throw new Error(`Call ${n} (${what}) gave ${output.slice(0, 200)}`);
  } catch (error) {
    if (!isOwnEnd(error, call, someStop)) throw error;
  } finally {
    clearTimeout(stopping);
    context.end();
  }
}

/**
 * Threads are shared by calls of one file: one that is stopped and does not let go may end others, which are told so.
 * Runtimes without threads have little time for a call, and measure it by the clock, which goes on when the machine stalls.
 */
function isOwnEnd(error: unknown, { what, stopMs }: Call, someStop: boolean): boolean {
  if (!(error instanceof PypesError)) return false;
  if (error.code === 'canceled') return stopMs !== null;
  if (error.code === 'resource_exhausted') return error.details?.limit === 'cpu_ms';
  if (error.code === 'handler_failed') return what === 'fail' && /boom/.test(error.message);
  return someStop && error.code === 'unavailable' && /another call in it/.test(error.message);
}

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
