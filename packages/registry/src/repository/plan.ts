// Decides what a change publishes and what waits for more signatures. Pure: the files come out as data.
//
// The order of the files is the order of writing. A new root that gives online roles other keys goes last, after
// metadata that old and new keys have signed: whichever of the two roots a client knows, it accepts what it finds.
import { type Metadata, MetaFile, type Root, Snapshot, Targets, Timestamp } from '@tufjs/models';
import { toDigest, toHex } from '../encoding/digest.ts';
import type { SigningKey } from '../keys/key.ts';
import { type Repository, toExpiry, toMetadataName } from './layout.ts';
import { accepts, amend, type Draft, signWith, toBytes } from './metadata.ts';
import { toWaiting, type Waiting } from './outcome.ts';
import type { State } from './state.ts';

/** New drafts, unsigned, and whether the timestamp is renewed though nothing else changes. */
export type Change = {
  readonly root?: Metadata<Root>;
  readonly targets?: ReadonlyMap<string, Metadata<Targets>>;
  readonly renew?: boolean;
};

/** What is to be written: first `files` in their order, then `pending` in place of whatever waited before. */
export type Plan = {
  readonly files: readonly { readonly name: string; readonly bytes: Buffer }[];
  readonly pending: ReadonlyMap<string, Draft>;
  readonly waiting: readonly Waiting[];
};

/** Online metadata that belongs together. */
type Online = {
  readonly targets: ReadonlyMap<string, Metadata<Targets>>;
  readonly snapshot: Metadata<Snapshot>;
  readonly timestamp: Metadata<Timestamp>;
};

/** Plans a change with the keys at hand. */
export function planChange(repository: Repository, state: State, change: Change, keys: readonly SigningKey[]): Plan {
  const draftRoot = change.root ?? state.pendingRoot;
  const roots = draftRoot === undefined ? [state.root] : [state.root, draftRoot];
  if (draftRoot !== undefined)
    signWith(
      draftRoot,
      keys,
      roots.flatMap((root) => toKeyIds(root, 'root')),
    );
  const drafts = new Map([...state.pendingTargets, ...(change.targets ?? [])]);
  if (
    draftRoot !== undefined &&
    !accepts(draftRoot, 'targets', drafts.get('targets') ?? state.targets.get('targets')!)
  ) {
    drafts.set('targets', drafts.get('targets') ?? renew(repository, state.targets.get('targets')!));
  }
  signDrafts(state, roots, drafts, keys);

  const signedRoot =
    draftRoot !== undefined && roots.every((root) => accepts(root, 'root', draftRoot)) ? draftRoot : undefined;
  for (const nextRoot of signedRoot === undefined ? [undefined] : [signedRoot, undefined]) {
    const plan = tryRoot(repository, { state, drafts, nextRoot, roots, keys, renew: change.renew ?? false });
    if (plan === undefined) continue;
    const pendingRoot = nextRoot === undefined ? draftRoot : undefined;
    return finish(plan, state, drafts, pendingRoot);
  }
  return finish({ files: [], published: new Set() }, state, drafts, draftRoot);
}

type Attempt = {
  readonly state: State;
  readonly drafts: ReadonlyMap<string, Metadata<Targets>>;
  readonly nextRoot: Metadata<Root> | undefined;
  readonly roots: readonly Metadata<Root>[];
  readonly keys: readonly SigningKey[];
  readonly renew: boolean;
};
type Attempted = { readonly files: Plan['files']; readonly published: ReadonlySet<string> };

/** The files that make `nextRoot` (or no new root) hold; undefined where that is not possible with these keys. */
function tryRoot(repository: Repository, attempt: Attempt): Attempted | undefined {
  const { state, nextRoot } = attempt;
  const root = nextRoot ?? state.root;
  const ready = findReady(state, root, attempt.drafts);
  const rootFiles = nextRoot === undefined ? [] : toRootFiles(nextRoot);
  const published: Online = { targets: state.targets, snapshot: state.snapshot, timestamp: state.timestamp };
  if (ready.size === 0 && !attempt.renew && holds(root, published)) return { files: rootFiles, published: new Set() };

  const online = signOnline(repository, attempt, ready);
  if (!holds(root, online)) {
    // Whoever has only root keys still puts the root in force; the rest goes on waiting.
    return nextRoot !== undefined && holds(root, published) ? { files: rootFiles, published: new Set() } : undefined;
  }
  const files = [
    ...[...ready].map(([role, metadata]) => toFile(role, metadata)),
    ...(online.snapshot === state.snapshot ? [] : [toFile('snapshot', online.snapshot)]),
    { name: 'timestamp.json', bytes: toBytes(online.timestamp) },
  ];
  const rootLast = holds(state.root, online);
  return { files: rootLast ? [...files, ...rootFiles] : [...rootFiles, ...files], published: new Set(ready.keys()) };
}

/** The drafts that may be published together under a root. */
function findReady(
  state: State,
  root: Metadata<Root>,
  drafts: Attempt['drafts'],
): ReadonlyMap<string, Metadata<Targets>> {
  const draft = drafts.get('targets');
  const candidates = draft !== undefined && accepts(root, 'targets', draft) ? [draft, undefined] : [undefined];
  for (const top of candidates) {
    const delegator = top ?? state.targets.get('targets')!;
    const ready = new Map(
      [...drafts].filter(([role, metadata]) => role !== 'targets' && accepts(delegator, role, metadata)),
    );
    const others = [...state.targets].filter(([role]) => role !== 'targets' && !ready.has(role));
    if (top !== undefined && !others.every(([role, metadata]) => accepts(delegator, role, metadata))) continue;
    return top === undefined ? ready : new Map([...ready, ['targets', top]]);
  }
  return new Map();
}

function signOnline(repository: Repository, { state, roots, keys }: Attempt, ready: Online['targets']): Online {
  const renewSnapshot =
    ready.size > 0 || keys.some((key) => roots.some((root) => toKeyIds(root, 'snapshot').includes(key.keyId)));
  const snapshot = renewSnapshot ? toSnapshot(repository, state.snapshot, ready) : state.snapshot;
  if (renewSnapshot)
    signWith(
      snapshot,
      keys,
      roots.flatMap((root) => toKeyIds(root, 'snapshot')),
    );
  const timestamp = amend(Timestamp, state.timestamp, {
    version: state.timestamp.signed.version + 1,
    expires: toExpiry(repository, 'timestamp'),
    meta: { 'snapshot.json': toMetaFile(snapshot).toJSON() },
  });
  signWith(
    timestamp,
    keys,
    roots.flatMap((root) => toKeyIds(root, 'timestamp')),
  );
  return { targets: new Map([...state.targets, ...ready]), snapshot, timestamp };
}

function toSnapshot(repository: Repository, last: Metadata<Snapshot>, ready: Online['targets']): Metadata<Snapshot> {
  const fresh = [...ready].map(([role, metadata]) => [`${role}.json`, toMetaFile(metadata)] as const);
  const meta = { ...last.signed.meta, ...Object.fromEntries(fresh) };
  return amend(Snapshot, last, {
    version: last.signed.version + 1,
    expires: toExpiry(repository, 'snapshot'),
    meta: Object.fromEntries(Object.entries(meta).map(([file, entry]) => [file, entry.toJSON()])),
  });
}

/** Version, length and hash of a metadata file, as the file above it lists them. */
export function toMetaFile(metadata: Metadata<Targets | Snapshot>): MetaFile {
  const bytes = toBytes(metadata);
  return new MetaFile({
    version: metadata.signed.version,
    length: bytes.length,
    hashes: { sha256: toHex(toDigest(bytes)) },
  });
}

/** The ids of a top-level role's keys. */
export function toKeyIds(root: Metadata<Root>, role: string): readonly string[] {
  return root.signed.roles[role]?.keyIDs ?? [];
}

/** The ids of the keys that may sign a role's targets metadata. */
export function toTargetsKeyIds(root: Metadata<Root>, top: Metadata<Targets>, role: string): readonly string[] {
  return role === 'targets' ? toKeyIds(root, role) : (top.signed.delegations?.roles?.[role]?.keyIDs ?? []);
}

function signDrafts(
  state: State,
  roots: readonly Metadata<Root>[],
  drafts: ReadonlyMap<string, Metadata<Targets>>,
  keys: readonly SigningKey[],
): void {
  const tops = [state.targets.get('targets')!, ...(drafts.has('targets') ? [drafts.get('targets')!] : [])];
  for (const [role, metadata] of drafts) {
    signWith(
      metadata,
      keys,
      roots.flatMap((root) => tops.flatMap((top) => toTargetsKeyIds(root, top, role))),
    );
  }
}

function holds(root: Metadata<Root>, { targets, snapshot, timestamp }: Online): boolean {
  const top = targets.get('targets')!;
  return accepts(root, 'targets', top) && accepts(root, 'snapshot', snapshot) && accepts(root, 'timestamp', timestamp);
}

function renew(repository: Repository, metadata: Metadata<Targets>): Metadata<Targets> {
  return amend(Targets, metadata, { version: metadata.signed.version + 1, expires: toExpiry(repository, 'targets') });
}

function toFile(role: string, metadata: Metadata<Root | Targets | Snapshot>) {
  return { name: toMetadataName(role, metadata.signed.version), bytes: toBytes(metadata) };
}

function toRootFiles(root: Metadata<Root>): Plan['files'] {
  return [toFile('root', root), { name: 'root.json', bytes: toBytes(root) }];
}

function finish(attempted: Attempted, state: State, drafts: Attempt['drafts'], root: Metadata<Root> | undefined): Plan {
  const waiting = [...drafts].filter(([role]) => !attempted.published.has(role));
  const pending = new Map<string, Draft>([...waiting, ...(root === undefined ? [] : [['root', root] as const])]);
  return { files: attempted.files, pending, waiting: toWaiting(state, pending) };
}
