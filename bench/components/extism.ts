// The same echo beside Extism's JavaScript SDK, in the same thread and in a worker.
import createPlugin, { type Plugin } from '@extism/extism';
import { DEFAULT_LIMITS } from '@pypes/contract';
import { createComponentRuntime } from '@pypes/runtimes/component';
import { createTestContext } from '../../packages/runtimes/src/testing/context.ts';
import { sourceFile } from '../../packages/runtimes/src/testing/source-file.ts';
import type { Row } from '../rows.ts';
import { buildPlugin } from './echo-plugin.ts';
import { figure, ratio } from './ratio.ts';
import { createGuarded } from './same-thread.ts';
import { type Repeated, repeatInTurn, repeatOver, timeInTurn } from './timing.ts';
import type { TranspiledSkill } from './transpiled.ts';
import { textOf } from './values.ts';

const SIZES = [
  ['16 B', 16],
  ['1 KB', 1_024],
  ['64 KiB', 65_536],
] as const;
/** Without a reset the plugin keeps a block of every call, and fails after some thousands. */
const CALLS_A_RESET = 64;
const MOST_HOP = 40;
const SETTLE_MS = 3_000;

/** For each length of text: our guarded call against theirs, in the thread and in a worker; and our hop to a worker. */
export async function measureExtism(bytes: Uint8Array, skill: TranspiledSkill): Promise<readonly Row[]> {
  const data = await buildPlugin();
  const open = (runInWorker: boolean) => createPlugin({ wasm: [{ data }] }, { useWasi: false, runInWorker });
  const [plugin, worker] = [await open(false), await open(true)];
  const runtime = createComponentRuntime();
  try {
    const guarded = (await createGuarded(skill))('echo');
    const agents = await runtime.load(sourceFile('skill.wasm', bytes), DEFAULT_LIMITS);
    const echo = agents.find(({ metadata }) => metadata.name === 'echo');
    const context = createTestContext({ agent: 'echo', userGuid: 'ann' });
    await settle(async () => echo?.run(context, { text: '' }));
    const rows: Row[] = [];
    for (const [name, length] of SIZES) {
      const text = textOf(length);
      const times = await timeInTurn({
        guarded: repeatOver(
          () => ({ text }),
          (args) => guarded(args),
        ),
        pooled: repeatInTurn(async () => echo?.run(context, { text })),
        extism: callPlugin(plugin, 'echo', text),
        extismWorker: callPlugin(worker, 'echo', text),
        handedBack: callPlugin(plugin, 'same', text),
        handedBackWorker: callPlugin(worker, 'same', text),
      });
      rows.push(
        ratio(`${name}: guarded call / Extism, in the thread`, times.guarded, times.extism, { most: 1 }),
        ratio(`${name}: call through the runtime's threads / Extism's worker`, times.pooled, times.extismWorker, {
          most: 1,
        }),
        ratio(`${name}: guarded call / Extism handing back its own block`, times.guarded, times.handedBack),
        ratio(`${name}: through threads / Extism's worker handing back`, times.pooled, times.handedBackWorker),
        figure(
          `${name}: what the thread adds to a call (µs)`,
          times.pooled - times.guarded,
          length === SIZES[0][1] ? { most: MOST_HOP } : {},
        ),
      );
    }
    return rows;
  } finally {
    await Promise.all([plugin.close(), worker.close(), runtime.close()]);
  }
}

/** A new thread takes a second or two until it is as fast as it gets. */
async function settle(work: () => Promise<unknown>): Promise<void> {
  const began = performance.now();
  while (performance.now() - began < SETTLE_MS) await work();
}

function callPlugin(plugin: Plugin, name: string, text: string): Repeated {
  let calls = 0;
  return repeatInTurn(async () => {
    const output = await plugin.call(name, text);
    if (output?.text().length !== text.length) throw new Error(`Extism did not give back ${text.length} characters`);
    calls++;
    if (calls % CALLS_A_RESET === 0) await plugin.reset();
  });
}
