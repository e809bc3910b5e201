// From a source to a pinned skill: fetched, verified, shown; pinned and granted only after a yes.
import { mkdir, utimes, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { type Permissions, PypesError } from '@pypes/contract';
import { contentDigest } from '@pypes/host';
import {
  fault,
  type LockedSkill,
  loadPath,
  loadUrl,
  type Proof,
  parseSource,
  pullArtifact,
  readLockfile,
  updateLockfile,
  type Verified,
  verifySkill,
  withSkill,
  writeAtomically,
} from '@pypes/registry';
import { createFilesystemGrantStore } from '@pypes/stores/filesystem';
import { inspectSkill, type SkillReport } from './inspect.ts';
import { type SkillPlaces, skillPlaces } from './paths.ts';
import { guidOfSkill, toSkillPack } from './skill-pack.ts';
import { openRegistry, readRegistry, readTrustedKeys } from './trust.ts';
import { artifactPath, knownRevocations, verifyInstalled } from './verify-installed.ts';

export type FetchOptions = {
  readonly root: string;
  readonly offline?: boolean;
  /** Development only: bytes that nobody signed. */
  readonly allowUnsigned?: boolean;
};

/** A verified skill that is not installed yet, and what a person should know before a yes. */
export type Candidate = {
  readonly source: string;
  readonly verified: Verified;
  readonly report: SkillReport;
  /** What is installed of it now. */
  readonly installed?: { readonly locked: LockedSkill; readonly report?: SkillReport };
  readonly rootVersion?: number;
};

/** @throws PypesError with the reason for which it is refused; then nothing has changed */
export async function fetchSkill(source: string, options: FetchOptions): Promise<Candidate> {
  const places = skillPlaces(options.root);
  const text = toFixedSource(source);
  const { verified, rootVersion } = await load(text, places, options);
  const report = inspectSkill(verified);
  const { skills } = await readLockfile(places.lockfile);
  const locked = skills.find(({ source }) => guidOfSkill(source) === guidOfSkill(text));
  const before = locked === undefined ? undefined : await verifyInstalled(places, locked).catch(() => undefined);
  return {
    source: text,
    verified,
    report,
    ...(locked === undefined
      ? {}
      : { installed: { locked, ...(before === undefined ? {} : { report: inspectSkill(before.verified) }) } }),
    ...(rootVersion === undefined ? {} : { rootVersion }),
  };
}

/** The same file is the same skill, from wherever it is named. */
function toFixedSource(text: string): string {
  const source = parseSource(text);
  return source.kind === 'path' ? resolve(source.path) : text;
}

type Fetched = { readonly verified: Verified; readonly rootVersion?: number };

async function load(text: string, places: SkillPlaces, options: FetchOptions): Promise<Fetched> {
  const source = parseSource(text);
  if (source.kind === 'explicit' || source.kind === 'remote') {
    const client = await openRegistry(places, options);
    const installed = await client.install(source);
    if (options.offline !== true) await markRefreshed(places);
    return { verified: installed, rootVersion: installed.rootVersion };
  }
  if (options.offline === true && source.kind !== 'path') {
    throw new PypesError('unavailable', `${text} is not on this machine; without --offline it is fetched`);
  }
  const revocations = await knownRevocations(places);
  const ask = async (bytes: Buffer, proof: () => Promise<Proof>) =>
    verifySkill({
      bytes,
      source: text,
      proof: options.allowUnsigned === true ? { kind: 'development' } : await proof(),
      revocations,
    });
  const trusted = () => readTrustedKeys(places);
  if (source.kind === 'oci') {
    const pulled = await pullArtifact(source, { fetch: (url, init) => fetch(url, init) });
    const verified = await ask(pulled.bytes, async () => ({
      kind: 'signature',
      envelopes: pulled.envelopes,
      trusted: await trusted(),
      signed: pulled.manifestDigest,
    }));
    return { verified: await keep(places, pulled.bytes, verified) };
  }
  const { bytes, envelopes } =
    source.kind === 'https' ? await loadUrl((url, init) => fetch(url, init), source.url) : await loadPath(source.path);
  const verified = await ask(bytes, async () => ({ kind: 'signature', envelopes, trusted: await trusted() }));
  return { verified: await keep(places, bytes, verified) };
}

async function keep({ artifacts }: SkillPlaces, bytes: Buffer, verified: Verified): Promise<Verified> {
  await mkdir(artifacts, { recursive: true, mode: 0o700 });
  // The same bytes may be installed already, and be read at this moment.
  await writeAtomically(artifactPath(artifacts, verified.digest), bytes, 0o600);
  return verified;
}

/** Installs what was fetched. Its grant is for exactly these bytes. */
export async function installSkill(
  candidate: Candidate,
  permissions: Partial<Permissions>,
  { root }: FetchOptions,
): Promise<{ readonly packGuid: string; readonly locked: LockedSkill }> {
  const { source, verified, report, rootVersion } = candidate;
  checkAsked(permissions, report);
  const places = skillPlaces(root);
  const locked: LockedSkill = {
    source,
    ...(report.name === undefined ? {} : { name: report.name }),
    ...(report.version === undefined ? {} : { version: report.version }),
    digest: verified.digest,
    signers: [...verified.signers].sort(),
    permissions,
  };
  const packGuid = guidOfSkill(source);
  const { files } = toSkillPack(locked, verified, '');
  const grants = createFilesystemGrantStore(root);
  const digest = await contentDigest(files);
  const registry = await readRegistry(places);
  await mkdir(dirname(places.lockfile), { recursive: true, mode: 0o700 });
  // The grant goes first, and nobody else installs meanwhile: it names the bytes that it is for, so that a kill before
  // the lockfile is written leaves what was installed without a grant, and never with one that was for other bytes.
  await updateLockfile(places.lockfile, async (lockfile) => {
    if (Object.keys(permissions).length === 0) await grants.remove(packGuid);
    else {
      await grants.put({
        pack_guid: packGuid,
        permissions,
        content_digest: digest,
        granted_at: new Date().toISOString(),
      });
    }
    const others = lockfile.skills.filter((each) => guidOfSkill(each.source) !== packGuid);
    const next = withSkill({ ...lockfile, skills: others }, locked);
    if (registry === undefined || rootVersion === undefined) return next;
    return { ...next, registry: { url: registry.url, rootVersion } };
  });
  return { packGuid, locked };
}

/** A yes to more than was asked for is no yes to this skill. */
function checkAsked(permissions: Partial<Permissions>, { asked, title }: SkillReport): void {
  for (const name of Object.keys(permissions)) {
    if (Object.hasOwn(asked, name)) continue;
    throw new PypesError('invalid_request', `${title} does not ask for ${name}; nothing was installed`);
  }
}

/** Takes a skill out, its grant first; its memory stays until its pack is forgotten. */
export async function uninstallSkill(name: string, root: string): Promise<LockedSkill> {
  let gone: LockedSkill | undefined;
  await updateLockfile(skillPlaces(root).lockfile, async (lockfile) => {
    gone = lockfile.skills.find((each) => each.source === name || each.name === name || each.source === resolve(name));
    if (gone === undefined) return lockfile;
    await createFilesystemGrantStore(root).remove(guidOfSkill(gone.source));
    return { ...lockfile, skills: lockfile.skills.filter((each) => each !== gone) };
  });
  if (gone === undefined) throw fault('missing', `No skill "${name}" is installed; pypes skills lists them`);
  return gone;
}

/** Servers that run look at their skills anew. */
export async function markRefreshed({ refreshed }: SkillPlaces): Promise<void> {
  await mkdir(dirname(refreshed), { recursive: true, mode: 0o700 });
  await writeFile(refreshed, '', { flag: 'a', mode: 0o600 });
  const now = new Date();
  await utimes(refreshed, now, now);
}
