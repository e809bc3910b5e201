// Programs that the story starts and ends: each says in its first line of JSON where it listens.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline/promises';

export type Server = { readonly url: string; readonly stop: () => Promise<void> };

/** Starts `node` with these arguments and waits until it listens. */
export async function startServer(...args: readonly string[]): Promise<Server> {
  const flags = ['--disable-warning=ExperimentalWarning'];
  const child = spawn(process.execPath, [...flags, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  // Also where the story fails: nothing that it started stays.
  process.once('exit', () => child.kill());
  const ended = new Promise<void>((done) => child.once('exit', () => done()));
  const lines = createInterface({ input: child.stdout });
  const line = await Promise.race([lines[Symbol.asyncIterator]().next(), ended]);
  if (line === undefined || line.done === true) throw new Error(`${args.join(' ')} ended before it listened`);
  const { url } = JSON.parse(line.value) as { readonly url: string };
  return {
    url,
    async stop() {
      child.kill();
      await ended;
    },
  };
}
