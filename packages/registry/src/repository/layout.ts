// Where everything lies in a repository's folder: the layout that TUF clients expect of any static file server.
import { join } from 'node:path';

/** A folder with a published repository, and what its publisher needs to change it. Not a connection: plain data. */
export type Repository = {
  readonly folder: string;
  /** Milliseconds since 1970; defaults to the machine's clock. */
  readonly now?: () => number;
  readonly lifetimes?: Partial<Lifetimes>;
};

/** How long each role's metadata holds, in days. */
export type Lifetimes = {
  readonly root: number;
  readonly targets: number;
  readonly snapshot: number;
  readonly timestamp: number;
};

/** The timestamp is short: it bounds how long a frozen mirror goes unnoticed. */
export const DEFAULT_LIFETIMES: Lifetimes = { root: 365, targets: 90, snapshot: 14, timestamp: 2 };

const DAY_MS = 86_400_000;

/** `N.ROLE.json`: never overwritten once the timestamp leads to it. */
export function toMetadataName(role: string, version: number): string {
  return `${version}.${role}.json`;
}

/** The path of a target below the repository: its digest is part of its name (consistent snapshots). */
export function toHashedPath(targetPath: string, hex: string): string {
  const slash = targetPath.lastIndexOf('/') + 1;
  return `targets/${targetPath.slice(0, slash)}${hex}.${targetPath.slice(slash)}`;
}

/** The lock of publishers; like every name with a dot in front it need not be served. */
export function toLockPath({ folder }: Repository): string {
  return join(folder, '.lock');
}

/** Where metadata waits that too few keys have signed. */
export function toPendingPath({ folder }: Repository, role?: string): string {
  return role === undefined ? join(folder, '.pending') : join(folder, '.pending', `${role}.json`);
}

/** When metadata of a role that is signed now expires. */
export function toExpiry({ now = Date.now, lifetimes }: Repository, role: string): string {
  const days = { ...DEFAULT_LIFETIMES, ...lifetimes };
  const kind = role === 'root' || role === 'snapshot' || role === 'timestamp' ? role : 'targets';
  return new Date(now() + days[kind] * DAY_MS).toISOString().replace(/\.\d+Z$/, 'Z');
}
