// Permissions: what a pack asks for, and what an operator grants (spec 4, skill artifact).
import { PypesError } from './errors.ts';
import { isJsonObject, type Json } from './json.ts';
import { parseNetworkRule } from './network-rule.ts';

export const MEMORY_ACCESS = ['none', 'read', 'read-write'] as const;
export const OBJECT_ACCESS = ['none', 'read', 'write', 'read-write'] as const;
export const SESSION_PARTS = ['files', 'browser'] as const;

/** Every permission that there is. Nothing that is not in it can be granted. */
export type Permissions = {
  /** Network rules, see {@link parseNetworkRule}. */
  readonly network: readonly string[];
  readonly memory: (typeof MEMORY_ACCESS)[number];
  readonly objects: (typeof OBJECT_ACCESS)[number];
  /** Names of secrets. */
  readonly vault: readonly string[];
  readonly ai: boolean;
  readonly session: readonly (typeof SESSION_PARTS)[number][];
};

/** What a pack may do without any grant: compute, and remember (its memory is its own). */
export const SANDBOX_PERMISSIONS: Permissions = {
  network: [],
  memory: 'read-write',
  objects: 'none',
  vault: [],
  ai: false,
  session: [],
};

/** What the operator's own folders may do: everything but secrets and private addresses. */
export const TRUSTED_PERMISSIONS: Permissions = {
  network: ['*:*'],
  memory: 'read-write',
  objects: 'read-write',
  vault: [],
  ai: true,
  session: ['files', 'browser'],
};

/** An operator's yes to some permissions of one pack. */
export type Grant = {
  readonly pack_guid: string;
  readonly permissions: Partial<Permissions>;
  /** The pack's content that the yes is for; absent: whatever the pack becomes. */
  readonly content_digest?: string;
  readonly granted_at: string;
};

const READERS: { readonly [K in keyof Permissions]: (value: Json, where: string) => Permissions[K] } = {
  network: (value, where) => {
    const rules = toTexts(value, where);
    for (const rule of rules) parseNetworkRule(rule);
    return rules;
  },
  memory: (value, where) => oneOf(MEMORY_ACCESS, value, where),
  objects: (value, where) => oneOf(OBJECT_ACCESS, value, where),
  vault: (value, where) => toTexts(value, where),
  ai: (value, where) => {
    if (typeof value !== 'boolean') throw invalid(where, 'true or false', value);
    return value;
  },
  session: (value, where) => toTexts(value, where).map((part) => oneOf(SESSION_PARTS, part, where)),
};

export const PERMISSION_NAMES = Object.keys(READERS) as readonly (keyof Permissions)[];

/**
 * Reads permissions as they stand in a manifest or a grant.
 *
 * @throws PypesError `invalid_request` where a permission is unknown or has a value that it cannot have
 */
export function parsePermissions(value: Json | undefined, where = 'permissions'): Partial<Permissions> {
  if (value === undefined || value === null) return {};
  if (!isJsonObject(value)) throw invalid(where, 'an object', value);
  const read: { [name: string]: Json } = {};
  for (const [name, asked] of Object.entries(value)) {
    const reader = Object.hasOwn(READERS, name) ? READERS[name as keyof Permissions] : undefined;
    if (reader === undefined) {
      throw new PypesError(
        'invalid_request',
        `There is no permission "${name}"; there are ${PERMISSION_NAMES.join(', ')}`,
      );
    }
    read[name] = reader(asked, `${where}.${name}`) as Json;
  }
  return read as Partial<Permissions>;
}

/** What holds after a grant: lists grow, an access or a switch is replaced. */
export function withGrant(base: Permissions, grant: Partial<Permissions>): Permissions {
  return {
    network: union(base.network, grant.network),
    memory: grant.memory ?? base.memory,
    objects: grant.objects ?? base.objects,
    vault: union(base.vault, grant.vault),
    ai: grant.ai ?? base.ai,
    session: union(base.session, grant.session),
  };
}

function union<T>(base: readonly T[], more: readonly T[] = []): readonly T[] {
  return [...new Set([...base, ...more])];
}

function toTexts(value: Json, where: string): readonly string[] {
  if (!Array.isArray(value) || !value.every((item) => typeof item === 'string' && item !== '')) {
    throw invalid(where, 'a list of texts', value);
  }
  return value as readonly string[];
}

function oneOf<T extends string>(choices: readonly T[], value: Json, where: string): T {
  if (choices.includes(value as T)) return value as T;
  throw invalid(where, `one of ${choices.join(', ')}`, value);
}

function invalid(where: string, wanted: string, value: Json): PypesError {
  return new PypesError('invalid_request', `${where} takes ${wanted}, got ${JSON.stringify(value).slice(0, 80)}`);
}
