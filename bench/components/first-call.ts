// A process that loads components from files and calls each once, in one runtime after another over one cache folder.
// Arguments: how many runtimes, `new` or `working`, the cache folder, then the files. Its answer on stdout is one line of JSON.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { DEFAULT_LIMITS, type LoadedAgent, type SourceFile } from '@pypes/contract';
import { createComponentRuntime } from '@pypes/runtimes/component';
import { createTestContext } from '../../packages/runtimes/src/testing/context.ts';
import { sourceFile } from '../../packages/runtimes/src/testing/source-file.ts';
import { buildSkill } from './skill.ts';

/** What the process says. */
export type FirstCalls = {
  /** Milliseconds from the file's bytes to the result of the first call, in each runtime. */
  readonly firstMs: readonly number[];
  /** The most resident memory while all components were loaded. */
  readonly megabytes: number;
};

/** A runtime that has had its first call has a thread for the next file a little later. Milliseconds. */
const SPARE_MS = 600;

/** As many as transpile at the same time. */
const TOGETHER = 2;

const [rounds = '1', kind = 'new', cacheFolder = '', ...paths] = process.argv.slice(2);
await warmUp();
const firstMs: number[] = [];
let megabytes = 0;
for (let round = 0; round < Number(rounds); round++) await runAll();
const said: FirstCalls = { firstMs, megabytes };
console.log(JSON.stringify(said));

/** The first call of a process reads this project's own sources. */
async function warmUp(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'pypes-bench-'));
  const runtime = createComponentRuntime({ cacheFolder: folder });
  await callOnce(runtime, sourceFile('warm.wasm', await buildSkill(-1)));
  await runtime.close();
  rmSync(folder, { recursive: true });
}

async function runAll(): Promise<void> {
  const files = paths.map((path) => sourceFile(basename(path), readFileSync(path)));
  const runtime = createComponentRuntime({ cacheFolder });
  const held: LoadedAgent[] = [];
  if (kind === 'working') {
    held.push(...(await callOnce(runtime, sourceFile('warm.wasm', await buildSkill(-1)))));
    await new Promise((done) => setTimeout(done, SPARE_MS));
  }
  const began = performance.now();
  held.push(...(await callOnce(runtime, files[0] as SourceFile)));
  firstMs.push(performance.now() - began);
  const rest = files.slice(1).values();
  await Promise.all(
    Array.from({ length: TOGETHER }, async () => {
      for (const file of rest) {
        held.push(...(await callOnce(runtime, file)));
        megabytes = Math.max(megabytes, process.memoryUsage().rss / 2 ** 20);
      }
    }),
  );
  megabytes = Math.max(megabytes, process.memoryUsage().rss / 2 ** 20);
  await Promise.all(held.map((agent) => agent.close()));
  await runtime.close();
}

async function callOnce(
  runtime: ReturnType<typeof createComponentRuntime>,
  file: SourceFile,
): Promise<readonly LoadedAgent[]> {
  const agents = await runtime.load(file, DEFAULT_LIMITS);
  const echo = agents.find(({ metadata }) => metadata.name === 'echo');
  const answer = await echo?.run(createTestContext({ agent: 'echo', userGuid: 'ann' }), { text: file.filename });
  if (answer !== file.filename) throw new Error(`${file.filename} answered ${JSON.stringify(answer)}`);
  return agents;
}
