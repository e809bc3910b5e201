// What a component may do in a run: of what its pack may, what the blueprint leaves it.
import type { Permissions } from '@pypes/contract';
import { allows } from '../../guard-check.ts';
import { excessOf } from '../guard-policies.ts';

/** Nothing, not even memory. */
export const NO_PERMISSIONS: Permissions = {
  network: [],
  memory: 'none',
  objects: 'none',
  vault: [],
  ai: false,
  session: [],
};

/**
 * What both sets have. Of two network rules that overlap without one covering the other, nothing is left.
 *
 * @example
 * intersect(granted, { network: ['api.example.com:443'] }); // that host at the most, and only if it was granted
 */
export function intersect(own: Permissions, left: Partial<Permissions>): Permissions {
  const { network = [], vault = [], session = [] } = left;
  const both = [
    ...network.filter((rule) => isCovered(rule, own.network)),
    ...own.network.filter((rule) => isCovered(rule, network)),
  ];
  const access = (permission: 'memory' | 'objects', what: 'read' | 'write') =>
    allows(own[permission], what) && allows(left[permission] ?? 'none', what);
  return {
    network: [...new Set(both)],
    // Memory is never written without being read.
    memory: !access('memory', 'read') ? 'none' : access('memory', 'write') ? 'read-write' : 'read',
    objects: toAccess(access('objects', 'read'), access('objects', 'write')),
    vault: own.vault.filter((name) => vault.includes(name)),
    ai: own.ai && left.ai === true,
    session: own.session.filter((part) => session.includes(part)),
  };
}

function toAccess(read: boolean, write: boolean): Permissions['objects'] {
  if (read) return write ? 'read-write' : 'read';
  return write ? 'write' : 'none';
}

function isCovered(rule: string, by: readonly string[]): boolean {
  return excessOf({ network: [rule] }, { network: by }).length === 0;
}
