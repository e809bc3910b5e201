// What runs run under, for the snapshot in their bundles: the same on every machine that is set up the same.
import type { JsonObject } from '@pypes/contract';
import type { RunConfiguration } from '@pypes/host/runs';
import type { NodeHost } from '../node-host.ts';

/** @param version - of Pypes */
export function configurationOf(host: NodeHost, version: string): RunConfiguration {
  const snapshot: JsonObject = {
    pypes: version,
    limits: Object.fromEntries(Object.entries(host.limits).map(([name, value]) => [toSnake(name), value])),
    runtimes: [...new Set(host.runtimes.map(({ name }) => name))].sort(),
  };
  return { snapshot: () => snapshot };
}

function toSnake(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
