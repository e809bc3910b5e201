// The host that commands without a server run on: the same one as the server's, for as long as the command takes.
import { existsSync, statSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { type Limits, PypesError } from '@pypes/contract';
import type { CallEvent, Host } from '@pypes/host';
import { style } from './style.ts';

/** Where packs, memory and the audit log are kept unless `--root` says otherwise. */
export const DEFAULT_ROOT = process.env.PYPES_ROOT ?? '.pypes';

/** Runs `work` with a host over folders, and ends the host whatever happens. */
export async function withHost<T>(
  options: {
    readonly folders: readonly string[];
    readonly root?: string;
    readonly limits?: Partial<Limits>;
    readonly record?: boolean;
  },
  work: (host: Host) => Promise<T>,
): Promise<T> {
  // Loaded when wanted: commands that need no host start without its weight.
  const { createNodeHost } = await import('@pypes/service/node-host');
  const host = createNodeHost({
    folders: options.folders,
    root: options.root ?? DEFAULT_ROOT,
    ...(options.limits === undefined ? {} : { limits: options.limits }),
    record: options.record === true,
    log: (entry) => entry.level === 'error' && console.error(`${entry.event} ${JSON.stringify(entry)}`),
    onEvent: showEvent,
  });
  try {
    return await work(host);
  } finally {
    await host.close(0);
  }
}

/** The folders that a command looks at: those named, else `agents` where there is one, else the current folder. */
export function foldersOrDefault(named: readonly string[]): readonly string[] {
  if (named.length > 0) return named;
  return [existsSync('agents') ? 'agents' : '.'];
}

/** A file as its folder and its name there. */
export function splitFile(path: string): { readonly folder: string; readonly filename: string } {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) throw new PypesError('invalid_request', `The file "${path}" does not exist`);
  if (!found.isFile())
    throw new PypesError('invalid_request', `"${path}" is no file; name a file in it, if it is a folder`);
  return { folder: dirname(path), filename: basename(path) };
}

/** What an agent logs goes to standard error, so that standard output is its result alone. */
function showEvent(event: CallEvent): void {
  const text =
    event.type === 'log'
      ? `[${event.agent}] ${event.level} ${event.message}${event.data === undefined ? '' : ` ${JSON.stringify(event.data)}`}`
      : `[${event.agent}] ${Math.round(event.fraction * 100)} % ${event.message ?? ''}`;
  console.error(style('dim', text));
}
