// What tuf-js fetches with: our bounded downloads instead of its own HTTP, and the cache where there is no network.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isPypesError } from '@pypes/contract';
import { DownloadHTTPError } from 'tuf-js/dist/error.js';
import { fault, toFaultReason } from '../faults.ts';
import { readIfThere } from '../files/read.ts';
import { download } from '../http/download.ts';
import type { Context } from './context.ts';
import { readRoot } from './root-cache.ts';

/**
 * `online` asks the registry; `offline` knows only what was verified before, and of roots only those up to the version
 * that the staged metadata was verified under.
 */
export type Mode = { readonly kind: 'online' } | { readonly kind: 'offline'; readonly rootVersion?: number };

/** A fetcher of one session. */
export type SessionFetcher = {
  downloadBytes(url: string, maxLength: number): Promise<Buffer>;
  downloadFile<T>(url: string, maxLength: number, handler: (file: string) => Promise<T>): Promise<T>;
  /** The roots that came from the registry, by version; whether they hold is for others to say. */
  readonly roots: ReadonlyMap<number, Buffer>;
};

/**
 * @param staging the session's folder, for downloads
 * @param hooks `failed` hears of every failure, since tuf-js hides some; `rootsDone` when no newer root was found
 */
export function createFetcher(
  context: Context,
  mode: Mode,
  staging: string,
  hooks: { readonly failed: (error: Error) => void; readonly rootsDone: () => Promise<void> },
): SessionFetcher {
  const roots = new Map<number, Buffer>();
  const { limits } = context;

  const load = async (url: string, maxBytes: number): Promise<Buffer> => {
    const version = toRootVersion(context, url);
    const later = version !== undefined && mode.kind === 'offline' && version > (mode.rootVersion ?? version);
    const known = version === undefined || later ? undefined : await readRoot(context, version);
    if (known !== undefined) return known;
    try {
      if (mode.kind === 'offline') return await loadOffline(context, staging, url, version);
      const bytes = await download(context.fetch, url, { maxBytes, idleMs: limits.idleMs, totalMs: limits.totalMs });
      if (version !== undefined) roots.set(version, bytes);
      return bytes;
    } catch (error) {
      if (version === undefined || toFaultReason(error) !== 'missing') throw error;
      await hooks.rootsDone();
      throw new DownloadHTTPError('There is no newer root', 404);
    }
  };
  const downloadBytes = async (url: string, maxLength: number): Promise<Buffer> => {
    try {
      return await load(url, maxLength);
    } catch (error) {
      if (isPypesError(error)) hooks.failed(error);
      throw error;
    }
  };
  return {
    roots,
    downloadBytes,
    async downloadFile(url, maxLength, handler) {
      const path = join(staging, 'download');
      await writeFile(path, await downloadBytes(url, maxLength));
      return handler(path);
    },
  };
}

/** The timestamp is asked for in any case; everything else offline stands in the staged folder or is not there. */
async function loadOffline(
  context: Context,
  staging: string,
  url: string,
  rootVersion: number | undefined,
): Promise<Buffer> {
  if (rootVersion !== undefined) throw fault('missing', 'There is no newer root in the cache');
  const name = url.slice(context.url.length);
  const cached = name === 'timestamp.json' ? await readIfThere(join(staging, name)) : undefined;
  if (cached !== undefined) return cached;
  throw fault('unreachable', `"${name}" is not in the cache; go online once, so that it can be fetched and verified`, {
    url,
  });
}

function toRootVersion(context: Context, url: string): number | undefined {
  const version = /^(\d+)\.root\.json$/.exec(url.slice(context.url.length))?.[1];
  return version === undefined ? undefined : Number(version);
}
