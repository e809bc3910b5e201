// Installed skills beside the deployed packs of a machine: verified whenever they are loaded, never from the pack store.
import { statSync } from 'node:fs';
import {
  isPypesError,
  PACK_SCHEMA_ID,
  type PackManifest,
  type PackStore,
  PypesError,
  type StoredPack,
} from '@pypes/contract';
import { type LockedSkill, readLockfile } from '@pypes/registry';
import type { LogEntry } from '../../http/log.ts';
import { type SkillPlaces, skillPlaces } from './paths.ts';
import { guidOfSkill, nameOfSource, toSkillPack } from './skill-pack.ts';
import { verifyInstalled } from './verify-installed.ts';

/** `base` with the skills that the lockfile below `root` names. */
export function createSkillStore(base: PackStore, root: string, log: (entry: LogEntry) => void): PackStore {
  const places = skillPlaces(root);
  /** What the machine knew when a skill was read. */
  const seen = new Map<string, string>();

  async function find(guid: string): Promise<LockedSkill | undefined> {
    const { skills } = await readLockfile(places.lockfile);
    return skills.find(({ source }) => guidOfSkill(source) === guid);
  }

  async function load(locked: LockedSkill): Promise<StoredPack> {
    const { source, digest } = locked;
    try {
      const { verified, stale } = await verifyInstalled(places, locked);
      if (stale !== undefined) log({ level: 'warn', event: 'skill.stale', source, reason: stale });
      return { ...toSkillPack(locked, verified, EPOCH), revision: digest };
    } catch (error) {
      if (!isPypesError(error)) throw error;
      log({ level: 'error', event: 'skill.refused', source, reason: error.message });
      const filename = `${locked.name ?? nameOfSource(source)}.wasm`;
      return {
        manifest: toBareManifest(locked),
        files: [],
        revision: digest,
        refused: { filename, error: error.message },
      };
    }
  }

  return {
    ...base,
    async get(guid) {
      const stamp = stampOf(places);
      const locked = await find(guid);
      if (locked === undefined) return base.get(guid);
      seen.set(guid, stamp);
      return load(locked);
    },
    async list() {
      const [stored, { skills }] = await Promise.all([base.list(), readLockfile(places.lockfile)]);
      const installed = skills.map(toBareManifest);
      const guids = new Set(installed.map(({ pack_guid }) => pack_guid));
      const all = [...stored.filter(({ pack_guid }) => !guids.has(pack_guid)), ...installed];
      return all.sort((a, b) => (a.pack_guid < b.pack_guid ? -1 : 1));
    },
    changed(guid) {
      const stamp = seen.get(guid);
      return stamp !== undefined && stamp !== stampOf(places);
    },
    async put(guid, pack) {
      await refuseInstalled(guid, 'replaced by a deploy; pypes install takes another version');
      await base.put(guid, pack);
    },
    async remove(guid) {
      await refuseInstalled(guid, 'removed over the wire; pypes uninstall does');
      return base.remove(guid);
    },
  };

  async function refuseInstalled(guid: string, what: string): Promise<void> {
    if ((await find(guid)) === undefined) return;
    throw new PypesError('forbidden', `The pack ${guid} is an installed skill and is not ${what}`);
  }
}

/** Times are no part of what a skill is: the same skill is the same pack on every machine. */
const EPOCH = new Date(0).toISOString();

function toBareManifest({ source, name, version, digest }: LockedSkill): PackManifest {
  return {
    schema: PACK_SCHEMA_ID,
    pack_guid: guidOfSkill(source),
    name: name ?? nameOfSource(source),
    purpose: '',
    created_at: EPOCH,
    created_by: 'pypes install',
    sealed: true,
    skill: { source, digest, ...(version === undefined ? {} : { version }) },
  } as PackManifest;
}

function stampOf({ lockfile, refreshed }: SkillPlaces): string {
  return [lockfile, refreshed]
    .map((path) => statSync(path, { throwIfNoEntry: false, bigint: true })?.mtimeNs ?? '')
    .join(' ');
}
