// Makes this machine ready for sandboxes: bubblewrap tried, the interpreter's files known, filters and bytecode written.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PypesError } from '@pypes/contract';
import { type Confinement, createMachine, type Machine } from '../machine.ts';
import { type Bubblewrap, findBubblewrap } from './bubblewrap.ts';
import { packagesOf, toArguments } from './command.ts';
import { INSIDE, readLayout } from './layout.ts';
import { watchWorkers } from './meter.ts';
import type { SandboxSettings } from './options.ts';
import { findInside } from './proc.ts';
import { encodeExecFilter, encodeSandboxFilter } from './seccomp/filter.ts';
import type { Processor } from './seccomp/syscalls.ts';

const SANDBOX_FILTER = 'sandbox.bpf';
const EXEC_FILTER = 'exec.bpf';
const MEBIBYTE = 1024 * 1024;
/** Far beyond what a worker sends that still does what its own code says. */
const BOUNDS = {
  // An object of the largest size, in base64, and some.
  frameBytes: 64 * MEBIBYTE,
  frameValues: 4_000_000,
  outputBytes: 4 * MEBIBYTE,
  notices: 100_000,
};

/** @throws PypesError `agent_broken` where this machine cannot make sandboxes, `unsupported` where it has no Python */
export async function createSandboxMachine(settings: SandboxSettings): Promise<Machine> {
  const trial = findBubblewrap(settings.bubblewrap);
  return createMachine({ ...settings, launch: (plan) => plan }, async (python, home) => {
    const found = await trial;
    if (!found.works) {
      const instead = 'where that cannot be, Pyodide is another sandbox: pypes parts add pyodide';
      throw new PypesError('agent_broken', `Python files of others need a sandbox: ${found.reason}; ${instead}`);
    }
    return confine(settings, found, python, home);
  });
}

async function confine(
  settings: SandboxSettings,
  { path, canDisableUserNamespaces }: Bubblewrap,
  python: string,
  home: string,
): Promise<Confinement> {
  const layout = await readLayout(python, home);
  const processor = process.arch as Processor;
  writeFileSync(join(home, SANDBOX_FILTER), encodeSandboxFilter(processor));
  writeFileSync(join(home, EXEC_FILTER), encodeExecFilter(processor));
  const outside = toArguments({ layout, cache: home, canDisableUserNamespaces }, settings);
  const worker = ['-X', 'utf8', '-E', '-s', '-S', `${INSIDE.worker}/main.py`, INSIDE.cache];
  const rest = [
    INSIDE.home,
    `${INSIDE.cache}/${EXEC_FILTER}`,
    ...packagesOf(layout, settings).map(({ inside }) => inside),
  ];
  return {
    launch: ({ args }) => ({
      command: path,
      // The last of the worker's arguments is its token.
      args: [...outside, ...worker, args.at(-1) as string, ...rest],
      env: { PATH: process.env.PATH },
      files: [join(home, SANDBOX_FILTER)],
      bounds: BOUNDS,
      findWorker: findInside,
    }),
    watch: watchWorkers,
  };
}
