// An installed skill as a pack: its component or agent files, what it asks for, and where it came from.
import { createHash } from 'node:crypto';
import { type Json, PACK_SCHEMA_ID, type PackManifest, type StoredFile } from '@pypes/contract';
import {
  COMPONENT_FILE,
  INTERFACE_FILE,
  type LockedSkill,
  MANIFEST_FILE,
  parseSource,
  type Skill,
  toNameText,
  type Verified,
} from '@pypes/registry';

/** The pack of a verified skill. */
export type SkillPack = { readonly manifest: PackManifest; readonly files: readonly StoredFile[] };

/** One guid for a skill in all its versions, so that its memory and its users' tokens survive an update. */
export function guidOfSkill(source: string): string {
  const hex = createHash('sha256')
    .update(`pypes-skill\n${identityOf(source)}`)
    .digest('hex');
  const version = `8${hex.slice(13, 16)}`;
  const variant = ((Number.parseInt(hex[16] as string, 16) & 3) | 8).toString(16) + hex.slice(17, 20);
  return [hex.slice(0, 8), hex.slice(8, 12), version, variant, hex.slice(20, 32)].join('-');
}

/** A source without its version. */
function identityOf(text: string): string {
  const source = parseSource(text);
  switch (source.kind) {
    case 'explicit':
    case 'remote':
      return `registry:${toNameText(source)}`;
    case 'oci':
      return `oci://${source.host}/${source.repository}`;
    case 'https':
      return source.url;
    default:
      return source.path;
  }
}

/** What is kept of a skill that was verified. */
export function toSkillPack(locked: LockedSkill, { content, by }: Verified, installedAt: string): SkillPack {
  const { source, digest, signers, version } = locked;
  const skill = content.kind === 'skill' ? content.skill : undefined;
  const name = skill === undefined ? nameOfSource(source) : toNameText(skill.manifest.package);
  const files = skill === undefined ? [file(`${name}.wasm`, content as { bytes: Uint8Array })] : filesOf(skill);
  return {
    files,
    manifest: {
      schema: PACK_SCHEMA_ID,
      pack_guid: guidOfSkill(source),
      name,
      purpose: skill?.manifest.package.description ?? `A component from ${source}`,
      created_at: installedAt,
      created_by: 'pypes install',
      sealed: true,
      ...(skill === undefined ? {} : { permissions: skill.manifest.permissions as unknown as Json }),
      ...(skill === undefined ? {} : { labels: skill.manifest.labels as unknown as Json }),
      ...(skill === undefined ? {} : { limits: skill.manifest.limits as unknown as Json }),
      skill: { source, digest, signers: [...signers], by, ...(version === undefined ? {} : { version }) },
    } as PackManifest,
  };
}

function filesOf({ manifest, files }: Skill): StoredFile[] {
  const stem = manifest.package.name;
  return [...files].flatMap(([path, bytes]) => {
    if (path === MANIFEST_FILE) return [];
    if (path === COMPONENT_FILE) return [file(`${stem}.wasm`, { bytes })];
    if (path === INTERFACE_FILE) return [file(`${stem}.wit`, { bytes })];
    return [file(path, { bytes })];
  });
}

function file(filename: string, { bytes }: { readonly bytes: Uint8Array }): StoredFile {
  return { filename, bytes: new Uint8Array(bytes) };
}

/** `https://…/skill.wasm` and `./skill.wasm` are called after their file. */
export function nameOfSource(source: string): string {
  const last =
    source
      .replace(/[?#].*$/, '')
      .replace(/\/+$/, '')
      .split('/')
      .at(-1) ?? '';
  const name = last
    .replace(/\.wasm$/i, '')
    .replace(/[@:].*$/, '')
    .replace(/[^A-Za-z0-9_-]+/g, '-');
  return name === '' ? 'skill' : name;
}
