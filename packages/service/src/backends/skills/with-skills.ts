// Installed skills in a host: what verifies them is loaded where there are some, and by nobody else.
import { existsSync } from 'node:fs';
import type { PackStore } from '@pypes/contract';
import type { LogEntry } from '../../http/log.ts';
import { skillPlaces } from './paths.ts';

/** `base` with the skills that the lockfile below `root` names, also where it is written later. */
export function withInstalledSkills(base: PackStore, root: string, log: (entry: LogEntry) => void): PackStore {
  const { lockfile } = skillPlaces(root);
  let opening: Promise<PackStore> | undefined;
  let opened: PackStore | undefined;

  async function store(): Promise<PackStore> {
    if (opened !== undefined) return opened;
    if (opening === undefined && !existsSync(lockfile)) return base;
    opening ??= import('./store.ts').then(({ createSkillStore }) => createSkillStore(base, root, log));
    opened = await opening;
    return opened;
  }

  return {
    get: async (guid) => (await store()).get(guid),
    list: async () => (await store()).list(),
    put: async (guid, pack) => (await store()).put(guid, pack),
    remove: async (guid) => (await store()).remove(guid),
    changed: (guid) => (opened ?? base).changed?.(guid) === true,
  };
}
