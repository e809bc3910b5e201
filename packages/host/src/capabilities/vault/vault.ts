// Secrets, sealed with the operator's key: opened by name, changed one by one, re-sealed all at once.
import { PypesError, type SealedSecret, type SecretStore, toTenant, type Vault } from '@pypes/contract';
import { createVaultKey, type VaultKey } from './key.ts';
import { checkSecret, checkSecretName, type SecretType } from './secret-rules.ts';

/** Where the operator's key comes from. */
export interface VaultKeys {
  /**
   * The key, as base64 or hex; more than one while a rotation is under way, the usual one first. None where there is
   * no key. Asked again whenever the keys known so far do not open a secret.
   */
  find(): Promise<readonly string[]>;
}

/** A secret without its value. */
export type SecretInfo = Omit<SealedSecret, 'nonce' | 'ciphertext'>;

/**
 * The vault as its operator sees it. No method but `open` gives a value away. A tenant has what was set for it and
 * nothing else: what was set without a tenant is the operator's own, and no default of anybody's.
 */
export interface OperatorVault extends Vault {
  readonly of: (tenant: string) => Pick<Vault, 'open'>;
  /** @throws PypesError `invalid_request`, `unavailable` where another key sealed what is there */
  set(name: string, type: SecretType, value: string, tenant?: string): Promise<SecretInfo>;
  /** Those of all tenants, the operator's own first, sorted by name. */
  list(): Promise<readonly SecretInfo[]>;
  /** Needs no key. False where there was none of the name. */
  remove(name: string, tenant?: string): Promise<boolean>;
  /** Seals everything, of all tenants, anew in one atomic step; afterwards the key before opens nothing. */
  rotate(newKey: string): Promise<{ readonly secrets: number; readonly key_id: string }>;
}

/** What a vault stands on. */
export type VaultOptions = {
  readonly store: SecretStore;
  readonly keys: VaultKeys;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
};

/**
 * A vault: AES-256-GCM, a new nonce each time, bound to name, type, key and tenant.
 *
 * @example
 * const vault = createVault({ store, keys: { find: async () => [material] } });
 * await vault.set('API_KEY', 'api_key', 'sesame42');
 * await vault.open('API_KEY'); // 'sesame42'
 */
export function createVault({ store, keys, now = Date.now }: VaultOptions): OperatorVault {
  let known: Promise<readonly VaultKey[]> | undefined;

  function findKeys(): Promise<readonly VaultKey[]> {
    const finding = keys.find().then((materials) => Promise.all(materials.map(createVaultKey)));
    known = finding;
    finding.catch(() => {
      known = undefined;
    });
    return finding;
  }

  /** The key of that id, or any where none is named; looked for anew where it is not among those known. */
  async function keyFor(id: string | undefined, what: string): Promise<VaultKey> {
    const fits = (key: VaultKey) => id === undefined || key.id === id;
    const atHand = (await known)?.find(fits);
    if (atHand !== undefined) return atHand;
    const present = await findKeys();
    const found = present.find(fits);
    if (found !== undefined) return found;
    throw wrongKey(
      what,
      id,
      present.map((key) => key.id),
    );
  }

  async function openOf(name: string, tenant: string | undefined): Promise<string> {
    checkSecretName(name);
    const secret = await store.get(name, tenant);
    if (secret === undefined) {
      const whose = tenant === undefined ? '' : ` of the tenant "${tenant}"`;
      throw new PypesError(
        'not_found',
        `The vault has no secret "${name}"${whose}; the operator can store it with: pypes vault set`,
      );
    }
    if (!isOf(secret, name, tenant)) {
      throw new PypesError('unavailable', `The store gave another secret for "${name}"`);
    }
    return openSealed(secret);
  }

  async function openSealed(secret: SealedSecret): Promise<string> {
    const key = await keyFor(secret.key_id, `The secret ${secret.name}`);
    const value = await key.open(secret);
    if (value !== undefined) return value;
    throw new PypesError(
      'unavailable',
      `The secret ${secret.name} was changed after it was sealed; set it anew: pypes vault set ${secret.name}`,
    );
  }

  return {
    open: (name) => openOf(name, undefined),

    of(tenant) {
      const checked = toTenant(tenant);
      if (checked === undefined) throw new PypesError('invalid_request', 'The vault of a tenant needs its name');
      return { open: (name) => openOf(name, checked) };
    },

    async set(name, type, value, named) {
      checkSecret(name, type, value);
      const tenant = toTenant(named);
      const about = { name, type, ...(tenant === undefined ? {} : { tenant }) };
      const key = await keyFor((await store.list())[0]?.key_id, 'The vault');
      const sealed = await key.seal(about, value);
      const time = new Date(now()).toISOString();
      let secret: SealedSecret = { ...about, created_at: time, updated_at: time, ...sealed };
      await store.replace((secrets) => {
        const other = secrets.find(({ key_id }) => key_id !== key.id);
        if (other !== undefined) throw wrongKey(`The secret ${other.name}`, other.key_id, [key.id]);
        const before = secrets.find((known) => isOf(known, name, tenant));
        if (before !== undefined) secret = { ...secret, created_at: before.created_at };
        return [...secrets.filter((known) => known !== before), secret].sort(byName);
      });
      return toInfo(secret);
    },

    async list() {
      return (await store.list()).map(toInfo).sort(byName);
    },

    async remove(name, named) {
      checkSecretName(name);
      const tenant = toTenant(named);
      let existed = false;
      await store.replace((secrets) => {
        const rest = secrets.filter((secret) => !isOf(secret, name, tenant));
        existed = rest.length < secrets.length;
        return existed ? rest : secrets;
      });
      return existed;
    },

    async rotate(newKey) {
      const key = await createVaultKey(newKey);
      const before = await store.list();
      if (before.some(({ key_id }) => key_id === key.id)) {
        throw new PypesError('invalid_request', `The new key is the one in use, ${key.id}; give another one`);
      }
      const after = await Promise.all(
        before.map(async (secret) => ({ ...secret, ...(await key.seal(secret, await openSealed(secret))) })),
      );
      await store.replace((secrets) => {
        if (JSON.stringify(secrets) === JSON.stringify(before)) return after;
        throw new PypesError('conflict', 'The vault was changed during the rotation, nothing was rotated; try again');
      });
      return { secrets: after.length, key_id: key.id };
    },
  };
}

function wrongKey(what: string, sealedBy: string | undefined, present: readonly string[]): PypesError {
  if (sealedBy === undefined) {
    return new PypesError(
      'unavailable',
      'The vault has no key; make one with pypes vault init, or set PYPES_VAULT_KEY',
    );
  }
  const here = present.length === 0 ? 'there is no key here' : `the key here is ${present.join(' or ')}`;
  return new PypesError(
    'unavailable',
    `${what} was sealed with the key ${sealedBy}, and ${here}; nothing was changed. Give the right key, or remove the secret and set it anew`,
    { details: { sealed_by: sealedBy, present } },
  );
}

function toInfo({ nonce: _nonce, ciphertext: _ciphertext, ...info }: SealedSecret): SecretInfo {
  return info;
}

type Owned = Pick<SealedSecret, 'name' | 'tenant'>;

function isOf(secret: Owned, name: string, tenant: string | undefined): boolean {
  return secret.name === name && secret.tenant === tenant;
}

function byName(a: Owned, b: Owned): number {
  const [left, right] = [a.tenant ?? '', b.tenant ?? ''];
  if (left !== right) return left < right ? -1 : 1;
  return a.name < b.name ? -1 : 1;
}
