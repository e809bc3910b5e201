// Opens blueprints for runs; one whose files have not been touched since is not read and checked again.
import { statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { LogEntry } from '../../http/log.ts';
import { type OpenedBlueprint, openBlueprint } from '../blueprints/open-blueprint.ts';
import { stampOf } from './stamp.ts';

/** How many are kept. */
const MOST = 100;

export function createOpenAgain(options: {
  readonly root: string;
  readonly log: (entry: LogEntry) => void;
}): (path: string) => Promise<OpenedBlueprint> {
  const kept = new Map<string, { readonly opened: OpenedBlueprint; readonly stamps: ReadonlyMap<string, string> }>();

  return async (path) => {
    const known = kept.get(path);
    if (known !== undefined && [...known.stamps].every(([file, stamp]) => stampOf(file) === stamp)) return known.opened;
    kept.delete(path);
    // Taken before anything is read: what changes meanwhile is read again the next time.
    const before = stampOf(path);
    const opened = await openBlueprint(path, options);
    const files = filesOf(path, opened);
    const stamps = new Map(files?.map((file) => [file, stampOf(file)]));
    const again = await openBlueprint(path, options);
    if (files !== undefined && stamps.get(path) === before && isSame(opened, again)) {
      if (kept.size >= MOST) kept.delete(kept.keys().next().value as string);
      kept.set(path, { opened: again, stamps });
    }
    return again;
  };
}

/** The files that all of it was read from; undefined where it has skills or folders, which have more to them. */
function filesOf(path: string, { blueprint, schemas }: OpenedBlueprint): readonly string[] | undefined {
  const folder = dirname(resolve(path));
  const files = [path, ...[...schemas.keys()].map((schema) => resolve(folder, schema))];
  for (const { reference } of blueprint.components.values()) {
    const file = 'path' in reference ? resolve(folder, reference.path) : undefined;
    if (file === undefined || statSync(file, { throwIfNoEntry: false })?.isFile() !== true) return undefined;
    files.push(file);
    if (file.endsWith('.wasm')) files.push(file.replace(/\.wasm$/, '.wit'));
  }
  return files;
}

function isSame(one: OpenedBlueprint, two: OpenedBlueprint): boolean {
  const digests = ({ text, opened, schemas }: OpenedBlueprint) =>
    JSON.stringify([text, [...opened.components].map(([name, { digest }]) => [name, digest]), [...schemas]]);
  return digests(one) === digests(two);
}
