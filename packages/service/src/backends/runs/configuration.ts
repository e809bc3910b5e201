// What runs run under, for the snapshot in their bundles: the same on every machine that is set up the same, and kept,
// so that a bundle says it also when the configuration has changed.
import { createHash, randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { canonicalJson, type JsonObject } from '@pypes/contract';
import type { RunConfiguration } from '@pypes/host/runs';
import type { LogEntry } from '../../http/log.ts';
import type { NodeHost } from '../node-host.ts';

/** Where snapshots are kept. */
export type ConfigurationPlace = { readonly root: string; readonly log: (entry: LogEntry) => void };

/** @param version - of Pypes */
export function configurationOf(host: NodeHost, version: string, place: ConfigurationPlace): RunConfiguration {
  const snapshot: JsonObject = {
    pypes: version,
    limits: Object.fromEntries(Object.entries(host.limits).map(([name, value]) => [toSnake(name), value])),
    runtimes: [...new Set(host.runtimes.map(({ name }) => name))].sort(),
  };
  keep(snapshot, place);
  return { snapshot: () => snapshot, find: keptConfigurations(place.root).find };
}

/** For whoever executes nothing: what others have kept. */
export function keptConfigurations(root: string): Required<Pick<RunConfiguration, 'snapshot' | 'find'>> {
  return {
    snapshot: () => NONE,
    async find(digest) {
      if (!/^sha256:[0-9a-f]{64}$/.test(digest)) return undefined;
      const text = await readFile(pathOf(root, digest), 'utf8').catch(() => undefined);
      // A file that somebody changed is not what the run ran under.
      return text === undefined || digestOf(text) !== digest ? undefined : (JSON.parse(text) as JsonObject);
    },
  };
}

const NONE: JsonObject = {};

/** A bundle without it says so: that is no reason to serve nothing. */
function keep(snapshot: JsonObject, { root, log }: ConfigurationPlace): void {
  const text = canonicalJson(snapshot);
  const path = pathOf(root, digestOf(text));
  try {
    if (existsSync(path)) return;
    mkdirSync(join(root, 'configurations'), { recursive: true, mode: 0o700 });
    const part = `${path}.${randomUUID()}`;
    writeFileSync(part, text, { mode: 0o600 });
    renameSync(part, path);
  } catch (error) {
    log({ level: 'warn', event: 'runs.configuration', reason: String(error) });
  }
}

function digestOf(text: string): string {
  return `sha256:${createHash('sha256').update(text).digest('hex')}`;
}

function pathOf(root: string, digest: string): string {
  return join(root, 'configurations', `${digest.slice('sha256:'.length)}.json`);
}

function toSnake(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
