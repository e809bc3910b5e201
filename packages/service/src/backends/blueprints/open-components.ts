// The components of a blueprint on this machine: files beside it and installed skills, with what is known of them.
// Nothing of any of them runs here.
import { resolve } from 'node:path';
import {
  isPypesError,
  type Json,
  type Permissions,
  PypesError,
  parsePermissions,
  type StoredPack,
  toGuid,
} from '@pypes/contract';
import { type ManifestLabels, parseManifestLabels } from '@pypes/guard';
import { contentDigest } from '@pypes/host';
import type { Blueprint, BlueprintFacts, ComponentEntry, ComponentFacts, FunctionFacts } from '@pypes/host/blueprints';
import { matchesSource, parseSource, readLockfile } from '@pypes/registry';
import { createFilesystemGrantStore, createFilesystemPackStore } from '@pypes/stores/filesystem';
import type { LogEntry } from '../../http/log.ts';
import { skillPlaces } from '../skills/paths.ts';
import { guidOfSkill } from '../skills/skill-pack.ts';
import { withInstalledSkills } from '../skills/with-skills.ts';
import { describeFiles, type ReadAgent } from './describe-files.ts';
import { readLocalPack } from './local-pack.ts';

/** Where to look. */
export type ComponentPlaces = {
  /** The folder of the blueprint. */
  readonly folder: string;
  /** Where skills and packs of this machine are kept. */
  readonly root: string;
  readonly readAgent: ReadAgent;
  readonly log: (entry: LogEntry) => void;
};

/** A component that is not here as it is wanted. */
export type Absent = {
  readonly component: string;
  readonly message: string;
  /** Present where it can be installed: what `pypes install` takes. */
  readonly install?: string;
};

/** One component that is here. */
export type OpenedComponent = {
  readonly packGuid: string;
  /** The digest of its files: what was looked at is what has to run. */
  readonly digest: string;
  readonly isLocal: boolean;
};

/** The components of a blueprint. */
export type OpenedComponents = {
  readonly facts: BlueprintFacts;
  readonly components: ReadonlyMap<string, OpenedComponent>;
  readonly absent: readonly Absent[];
  /** The components that are files beside the blueprint, by guid. */
  readonly local: ReadonlyMap<string, StoredPack>;
};

/** Looks every component up. */
export async function openComponents(blueprint: Blueprint, places: ComponentPlaces): Promise<OpenedComponents> {
  const { root, folder, log } = places;
  const store = withInstalledSkills(createFilesystemPackStore(root), root, log);
  const grants = createFilesystemGrantStore(root);
  const found = new Map<string, ComponentFacts>();
  const components = new Map<string, OpenedComponent>();
  const local = new Map<string, StoredPack>();
  const owners = new Map<string, string>();
  const absent: Absent[] = [];
  for (const entry of blueprint.components.values()) {
    try {
      const { reference, name } = entry;
      const isLocal = 'path' in reference;
      const pack = isLocal ? await readLocalPack(folder, reference.path, name) : await findSkill(reference.skill);
      const guid = pack.manifest.pack_guid;
      const digest = await contentDigest(pack.files);
      if (isLocal) local.set(guid, pack);
      const granted = isLocal ? undefined : await grantedTo(guid, digest);
      const owner = owners.get(guid);
      owners.set(guid, owner ?? name);
      found.set(name, {
        ...(await factsOf(blueprint, entry, pack, places)),
        ...(isLocal ? {} : { asked: parsePermissions(pack.manifest.permissions), granted: granted ?? {} }),
        ...(owner === undefined ? {} : { pack: owner }),
        sandboxed: true,
      });
      components.set(name, { packGuid: guid, digest, isLocal });
    } catch (error) {
      if (!isPypesError(error)) throw error;
      const install = error.details?.install;
      absent.push({
        component: entry.name,
        message: error.message,
        ...(typeof install === 'string' ? { install } : {}),
      });
    }
  }
  return {
    facts: ({ name }) => found.get(name),
    components,
    absent,
    local,
  };

  async function findSkill(text: string): Promise<StoredPack> {
    const guid = toGuid(text);
    if (guid !== undefined) {
      const pack = await store.get(guid);
      if (pack === undefined) throw new PypesError('not_found', `There is no pack ${guid} on this machine`);
      return usable(pack);
    }
    const source = parseSource(text);
    const wanted = source.kind === 'path' ? resolve(folder, source.path) : text;
    const own = guidOfSkill(wanted);
    const { skills } = await readLockfile(skillPlaces(root).lockfile);
    const locked = skills.find((each) => guidOfSkill(each.source) === own);
    const install = { details: { install: wanted } };
    if (locked === undefined) {
      throw new PypesError('not_found', `The skill "${text}" is not installed; pypes install ${wanted}`, install);
    }
    if (locked.version !== undefined && !matchesSource(source, locked.version)) {
      const message = `The skill "${text}" is installed as ${locked.version}, which is not what the blueprint takes; pypes install ${wanted}`;
      throw new PypesError('not_found', message, install);
    }
    const pack = await store.get(own);
    if (pack === undefined)
      throw new PypesError('not_found', `The skill "${text}" is gone; pypes install ${wanted}`, install);
    return usable(pack);
  }

  /** What holds now: a grant for other bytes is none. */
  async function grantedTo(guid: string, digest: string): Promise<Partial<Permissions> | undefined> {
    const grant = await grants.get(guid);
    const isSuspended = grant?.content_digest !== undefined && grant.content_digest !== digest;
    return isSuspended ? undefined : grant?.permissions;
  }
}

function usable(pack: StoredPack): StoredPack {
  if (pack.refused === undefined) return pack;
  throw new PypesError('agent_broken', pack.refused.error);
}

async function factsOf(
  { wires }: Blueprint,
  entry: ComponentEntry,
  { manifest, files }: StoredPack,
  { readAgent }: ComponentPlaces,
): Promise<ComponentFacts> {
  const { agents, imports } = await describeFiles(files, manifest.pack_guid, readAgent);
  const labels = labelsOf(manifest.labels);
  const functions: { [name: string]: FunctionFacts } = {};
  for (const [name, { parameters, returns, wit }] of agents) {
    const own = [name, ...(typeof wit === 'string' ? [wit] : [])].find((each) => Object.hasOwn(labels, each));
    functions[name] = {
      parameters,
      ...(returns === undefined ? {} : { returns }),
      ...(own === undefined ? {} : { labels: labels[own] as FunctionFacts['labels'] & object }),
    };
  }
  const others = Object.hasOwn(labels, '*') ? labels['*'] : undefined;
  return {
    functions,
    ...(others === undefined ? {} : { labels: others }),
    ...(imports === undefined
      ? {}
      : {
          imports: renamed(
            imports,
            wires.filter((wire) => wire.component === entry.name),
          ),
        }),
  };
}

/** What cannot be read is taken for the worst: private, untrusted, a way out, and destructive. */
function labelsOf(value: Json | undefined): ManifestLabels {
  try {
    return parseManifestLabels(value);
  } catch {
    return { '*': { reads: ['private', 'untrusted'], sends: ['network', 'destructive'] } };
  }
}

/** By the name that the blueprint uses: the whole one where it is wired, else the function's, where only one has it. */
function renamed(
  imports: ReadonlyMap<string, NonNullable<ComponentFacts['imports']>[string]>,
  wires: Blueprint['wires'],
): NonNullable<ComponentFacts['imports']> {
  const shortOf = (name: string) => name.slice(name.lastIndexOf('#') + 1);
  const shorts = [...imports.keys()].map(shortOf);
  return Object.fromEntries(
    [...imports].map(([name, type]) => {
      const short = shortOf(name);
      const isWhole = wires.some((wire) => wire.import === name) || shorts.filter((each) => each === short).length > 1;
      return [isWhole ? name : short, type];
    }),
  );
}
