// Real `pypes serve` and `pypes worker` processes for tests of many machines: told where they are, watched, killed.
import { spawn } from 'node:child_process';
import { constants, setPriority } from 'node:os';
import { createInterface } from 'node:readline';
import type { JsonObject } from '@pypes/contract';
import { PYPES } from './command.ts';

/** A process that says what it does, one JSON text a line. */
export type PypesProcess = {
  readonly pid: number;
  readonly logs: readonly JsonObject[];
  readonly isOver: () => boolean;
  /** The exit code; null where a signal ended it. */
  readonly stop: (signal?: NodeJS.Signals) => Promise<number | null>;
};

/** Resolves when it has logged `started`. @throws Error with all that it logged where it ended before */
export async function startPypes(
  args: readonly string[],
  { started, env }: { readonly started: string; readonly env: { readonly [name: string]: string } },
): Promise<PypesProcess> {
  const child = spawn(process.execPath, [PYPES, ...args, '--json'], {
    stdio: ['ignore', 'inherit', 'pipe'],
    env: { ...process.env, ...env },
  });
  // Nodes of Restate have machines of their own elsewhere; here they would take each other for dead under load.
  setPriority(child.pid ?? 0, constants.priority.PRIORITY_BELOW_NORMAL);
  const onExit = () => child.kill('SIGKILL');
  process.once('exit', onExit);
  const isOver = () => child.exitCode !== null || child.signalCode !== null;
  const logs: JsonObject[] = [];
  const over = new Promise<number | null>((settle) => {
    child.once('exit', (code) => {
      process.off('exit', onExit);
      settle(code);
    });
  });
  await new Promise<void>((settle, fail) => {
    createInterface({ input: child.stderr as NodeJS.ReadableStream }).on('line', (line) => {
      const entry = line.startsWith('{') ? (JSON.parse(line) as JsonObject) : { event: 'text', line };
      logs.push(entry);
      if (entry.event === started) settle();
    });
    over.then((code) => fail(new Error(`pypes ${args[0]} ended with ${code}: ${JSON.stringify(logs)}`)));
  });
  return {
    pid: child.pid ?? 0,
    logs,
    isOver,
    stop(signal = 'SIGTERM') {
      if (!isOver()) child.kill(signal);
      return over;
    },
  };
}
