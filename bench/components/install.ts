// From a component's bytes to its first result, small and large, and a thousand of them at once: in processes of their own.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInstance } from '../../packages/runtimes/src/component/guest/instance.ts';
import { median, type Row } from '../rows.ts';
import type { FirstCalls } from './first-call.ts';
import { buildLarge } from './large.ts';
import { figure } from './ratio.ts';
import { sourceOf } from './same-thread.ts';
import { buildSkill } from './skill.ts';
import { importGlue, type TranspiledSkill } from './transpiled.ts';

const RUNTIMES = 8;
const INSTANCES = 101;
const COMPONENTS = 1_000;

/** Cold is with an empty cache folder, warm is a new runtime over the same folder, working one that has run another file. */
export async function measureInstall(skill: TranspiledSkill): Promise<readonly Row[]> {
  const folder = mkdtempSync(join(tmpdir(), 'pypes-bench-'));
  try {
    const large = join(folder, 'large.wasm');
    const bytes = await buildLarge();
    writeFileSync(large, bytes);
    const size = `${Math.round(bytes.length / 1e6)} MB`;
    const [cold = 0, ...warm] = (await firstCalls(RUNTIMES, 'new', join(folder, 'a'), [large])).firstMs;
    const working = (await firstCalls(RUNTIMES, 'working', join(folder, 'a'), [large])).firstMs;
    const small = await Promise.all(Array.from({ length: COMPONENTS }, (_, mark) => buildSmall(folder, mark)));
    const [smallCold = 0, ...smallWarm] = (await firstCalls(RUNTIMES, 'new', join(folder, 'b'), small.slice(0, 1)))
      .firstMs;
    const { megabytes } = await firstCalls(1, 'new', join(folder, 'c'), small);
    return [
      figure(`${size} component: install to first call, cold (ms)`, cold, { most: 1_500 }),
      figure(`${size} component: first call over the cache, a runtime at work (ms)`, median(working), { most: 60 }),
      figure(`${size} component: first call over the cache, a new runtime and its first thread (ms)`, median(warm)),
      figure('small component: install to first call, cold (ms)', smallCold),
      figure('small component: first call of a new runtime over the cache (ms)', median(smallWarm)),
      figure('small component: an instance of a loaded one, p50 (ms)', await instanceMs(skill), { most: 2 }),
      figure(`${COMPONENTS} small components loaded and called, resident (MB)`, megabytes, { most: 1_536 }),
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function buildSmall(folder: string, mark: number): Promise<string> {
  const path = join(folder, `small-${mark}.wasm`);
  writeFileSync(path, await buildSkill(mark));
  return path;
}

/** With every check compiled, as a thread makes it for a user who comes for the first time. */
async function instanceMs({ glue, attachment }: TranspiledSkill): Promise<number> {
  const loaded = await importGlue(glue);
  const source = sourceOf(attachment);
  const times: number[] = [];
  for (let made = 0; made < INSTANCES; made++) {
    const began = performance.now();
    createInstance(loaded, attachment, source);
    times.push(performance.now() - began);
  }
  return median(times);
}

/** On all cores: this process may be kept to one. */
function firstCalls(
  runtimes: number,
  kind: 'new' | 'working',
  cacheFolder: string,
  paths: readonly string[],
): Promise<FirstCalls> {
  const script = join(import.meta.dirname, `first-call${import.meta.filename.slice(-3)}`);
  const args = [script, String(runtimes), kind, cacheFolder, ...paths];
  const child = spawn(
    'sh',
    ['-c', 'taskset -cp "$0" $$ >/dev/null 2>&1; exec "$@"', `0-${cpus().length - 1}`, process.execPath, ...args],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  return new Promise((resolve, reject) => {
    let said = '';
    child.stdout.on('data', (text: Buffer) => {
      said += text.toString();
    });
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve(JSON.parse(said) as FirstCalls);
      else reject(new Error(`The process that calls components ended with ${code}`));
    });
  });
}
