// The Python runtime for files of others: the same workers, each in a sandbox that belongs to one file and one user.
import type { Runtime } from '@pypes/contract';
import { createRuntimeOn } from '../runtime.ts';
import { createSandboxMachine } from './machine.ts';
import { type SandboxOptions, toSandboxSettings } from './options.ts';

/**
 * Runs `.py` files of anybody in CPython inside Linux namespaces (bubblewrap): no network but `context.fetch`, no files
 * but the interpreter's and a /tmp of its own, no environment, no other process or program, bounded processor time,
 * memory and output. A process never serves two users or two versions of a file; a spare one that has seen neither
 * keeps first calls short. Where bubblewrap does not work, `load` fails with `agent_broken` and says what to do.
 *
 * @example
 * const runtime = createPythonSandbox({ packages: 'none' });
 * const [agent] = await runtime.load(file, DEFAULT_LIMITS);
 * await agent?.run(context, { city: 'Oslo' });
 * await runtime.close();
 */
export function createPythonSandbox(options: SandboxOptions = {}): Runtime {
  const settings = toSandboxSettings(options);
  return createRuntimeOn(() => createSandboxMachine(settings), true);
}
