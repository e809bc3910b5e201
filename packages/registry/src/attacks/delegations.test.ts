// Delegations: a namespace speaks for its own names only, and no tangle of them keeps a client busy.
import { describe, expect, it } from 'vitest';
import { toDigest, toHex } from '../encoding/digest.ts';
import { createSigningKey, type SigningKey, toTufKey } from '../keys/key.ts';
import { delegateNamespace } from '../repository/delegate.ts';
import { publishSkill } from '../repository/publish.ts';
import { revokeSkill } from '../repository/withdraw.ts';
import { newSkill } from '../testing/skills.ts';
import { createVictim, forge, from, readSigned, type Signed, type Victim } from '../testing/victim.ts';

async function withNamespaces(...names: string[]) {
  const victim = await createVictim();
  const owners = new Map(names.map((name) => [name, createSigningKey()]));
  for (const [name, key] of owners)
    await delegateNamespace(victim.repository, name, { keys: [key], threshold: 1 }, victim.online);
  return { victim, owners };
}

/** Puts forged roles in place: their keys are real, the snapshot and timestamp vouch for them. */
function serve(
  victim: Victim,
  roles: { readonly [role: string]: { change: (signed: Signed['signed']) => void; keys: readonly SigningKey[] } },
) {
  const { folder } = victim.repository;
  const timestamp = readSigned(folder, 'timestamp.json');
  const number = (timestamp.signed.meta as { 'snapshot.json': { version: number } })['snapshot.json'].version;
  const snapshot = readSigned(folder, `${number}.snapshot.json`);
  const meta = snapshot.signed.meta as Record<string, { version: number }>;
  const files = new Map<string, Buffer>();
  for (const [role, { change, keys }] of Object.entries(roles)) {
    const known = meta[`${role}.json`];
    const base: Signed =
      known === undefined
        ? {
            signed: {
              _type: 'targets',
              spec_version: '1.0.31',
              version: 0,
              expires: '2030-01-01T00:00:00Z',
              targets: {},
            },
            signatures: [],
          }
        : readSigned(folder, `${known.version}.${role}.json`);
    const version = (known?.version ?? 0) + 1;
    meta[`${role}.json`] = { version };
    files.set(`${version}.${role}.json`, forge({ ...base, signed: { ...base.signed, version } }, change, keys));
  }
  files.set(
    `${number + 1}.snapshot.json`,
    forge({ ...snapshot, signed: { ...snapshot.signed, version: number + 1 } }, () => undefined, [
      victim.keys.snapshot,
    ]),
  );
  files.set(
    'timestamp.json',
    forge(
      timestamp,
      (signed) =>
        Object.assign(signed, { version: signed.version + 1, meta: { 'snapshot.json': { version: number + 1 } } }),
      [victim.keys.timestamp],
    ),
  );
  victim.mirror.lie = (path) => files.get(path);
}

const anything = { length: 3, hashes: { sha256: toHex(toDigest('abc')) } };
const toDelegation = (name: string, key: SigningKey, paths: string[]) => ({
  name,
  keyids: [key.keyId],
  threshold: 1,
  paths,
  terminating: false,
});

describe('namespaces', () => {
  it('publish under their own name, signed by their own keys', async () => {
    const { victim, owners } = await withNamespaces('acme');
    const key = owners.get('acme')!;
    const { keys } = victim;
    await publishSkill(victim.repository, newSkill('acme:tool', '1.0.0'), [key, keys.snapshot, keys.timestamp]);
    const installed = await victim.client.install(from('explicit:acme:tool@1.0.0'));
    expect(installed).toMatchObject({ signers: [key.keyId], by: 'registry:acme' });
  });

  it('cannot publish under the name of another, nor of the registry', async () => {
    for (const path of ['beta/tool/1.0.0.skill', 'tool/1.0.0.skill']) {
      const { victim, owners } = await withNamespaces('acme', 'beta');
      serve(victim, {
        acme: {
          change: (signed) => void Object.assign(signed, { targets: { [path]: anything } }),
          keys: [owners.get('acme')!],
        },
      });
      await victim.refuses('not_delegated', path.startsWith('beta') ? 'remote:beta:tool' : 'remote:tool');
    }
  });

  it('cannot be spoken for by a stranger', async () => {
    const { victim } = await withNamespaces('acme');
    serve(victim, {
      acme: {
        change: (signed) => void Object.assign(signed, { targets: { 'acme/tool/1.0.0.skill': anything } }),
        keys: [createSigningKey()],
      },
    });
    await victim.refuses('wrong_key', 'remote:acme:tool');
  });

  it('need as many signatures as their threshold says', async () => {
    const { victim } = await withNamespaces();
    const keys = [createSigningKey(), createSigningKey()];
    await delegateNamespace(victim.repository, 'acme', { keys, threshold: 2 }, victim.online);
    const waiting = await publishSkill(victim.repository, newSkill('acme:tool'), [...victim.online, keys[0]!]);
    expect(waiting).toMatchObject({
      published: false,
      waiting: [{ role: 'acme', signedBy: [keys[0]!.keyId], needs: [{ threshold: 2 }] }],
    });
    await victim.refuses('missing', 'remote:acme:tool');
    serve(victim, { acme: { change: () => undefined, keys: [keys[0]!] } });
    await victim.refuses('threshold_not_met', 'remote:acme:tool');
    victim.mirror.lie = () => undefined;
    expect((await publishSkill(victim.repository, newSkill('acme:tool'), [...victim.online, keys[1]!])).published).toBe(
      true,
    );
    expect((await victim.client.install(from('remote:acme:tool'))).signers).toHaveLength(2);
  });

  it('cannot keep alive what the registry has revoked', async () => {
    const { victim, owners } = await withNamespaces('acme');
    await publishSkill(victim.repository, newSkill('acme:tool', '1.0.0'), [...victim.online, owners.get('acme')!]);
    const { digest } = await victim.client.install(from('remote:acme:tool'));
    await revokeSkill(victim.repository, digest, 'steals', victim.online);
    await expect(victim.client.install(from('remote:acme:tool'))).rejects.toMatchObject({
      details: { reason: 'revoked' },
    });
    const loading = victim.client.load(from('remote:acme:tool'), { version: '1.0.0', digest });
    await expect(loading).rejects.toMatchObject({ details: { reason: 'revoked' } });
    serve(victim, { acme: { change: () => undefined, keys: [owners.get('acme')!] } });
    await expect(victim.client.install(from('remote:acme:tool'))).rejects.toMatchObject({
      details: { reason: 'revoked' },
    });
  });

  it('that fail leave what they published before, and all others, working', async () => {
    const { victim, owners } = await withNamespaces('acme');
    await publishSkill(victim.repository, newSkill('acme:tool', '1.0.0'), [...victim.online, owners.get('acme')!]);
    const { digest } = await victim.client.install(from('remote:acme:tool'));
    serve(victim, { acme: { change: () => undefined, keys: [createSigningKey()] } });
    await expect(victim.client.install(from('remote:acme:tool'))).rejects.toMatchObject({
      details: { reason: 'wrong_key' },
    });
    expect((await victim.client.install(from('remote:finance'))).entry.version).toBe('1.0.0');
    expect((await victim.client.load(from('remote:acme:tool'), { version: '1.0.0', digest })).digest).toBe(digest);
  });

  it('get new keys, and what they had published is signed anew in the same step', async () => {
    const { victim, owners } = await withNamespaces('acme');
    const [old, fresh] = [owners.get('acme')!, createSigningKey()];
    await publishSkill(victim.repository, newSkill('acme:tool', '1.0.0'), [...victim.online, old]);
    const waiting = await delegateNamespace(victim.repository, 'acme', { keys: [fresh], threshold: 1 }, victim.online);
    expect(waiting.published).toBe(false);
    expect((await victim.client.install(from('remote:acme:tool'))).signers).toEqual([old.keyId]);
    const done = await delegateNamespace(victim.repository, 'acme', { keys: [fresh], threshold: 1 }, [
      ...victim.online,
      fresh,
    ]);
    expect(done).toEqual({ published: true, waiting: [] });
    expect((await victim.client.install(from('remote:acme:tool'))).signers).toEqual([fresh.keyId]);
  });
});

describe('a tangle of delegations', () => {
  it('that goes in circles ends', async () => {
    const { victim, owners } = await withNamespaces('acme', 'beta');
    const [a, b] = [owners.get('acme')!, owners.get('beta')!];
    const to = (name: string, key: SigningKey) => (signed: Signed['signed']) =>
      void Object.assign(signed, {
        delegations: { keys: { [key.keyId]: toTufKey(key) }, roles: [toDelegation(name, key, ['*/*/*'])] },
      });
    serve(victim, { acme: { change: to('beta', b), keys: [a] }, beta: { change: to('acme', a), keys: [b] } });
    await victim.refuses('missing', 'remote:acme:tool');
    expect(await victim.client.list()).toHaveLength(1);
  });

  it('that is too large is refused', async () => {
    const victim = await createVictim({ limits: { delegations: 20 } });
    const key = createSigningKey();
    const names = Array.from({ length: 30 }, (_, index) => `n${index}`);
    const delegations = {
      keys: { [key.keyId]: toTufKey(key) },
      roles: names.map((name) => toDelegation(name, key, ['big/*/*'])),
    };
    serve(victim, {
      targets: { change: (signed) => void Object.assign(signed, { delegations }), keys: [victim.keys.targets] },
      ...Object.fromEntries(names.map((name) => [name, { change: () => undefined, keys: [key] }])),
    });
    await victim.refuses('too_large', 'remote:big:tool');
  });

  it('whose names are paths is refused', async () => {
    const victim = await createVictim();
    const key = createSigningKey();
    const delegations = { keys: { [key.keyId]: toTufKey(key) }, roles: [toDelegation('../../etc/x', key, ['*/*/*'])] };
    serve(victim, {
      targets: { change: (signed) => void Object.assign(signed, { delegations }), keys: [victim.keys.targets] },
    });
    await victim.refuses('malformed', 'remote:acme:tool');
  });

  it('that skips the one in charge is refused', async () => {
    const { victim, owners } = await withNamespaces('acme', 'beta');
    const [a, b] = [owners.get('acme')!, owners.get('beta')!];
    // acme lets beta speak for gamma, which is not acme's to give.
    const change = (signed: Signed['signed']) =>
      void Object.assign(signed, {
        delegations: { keys: { [b.keyId]: toTufKey(b) }, roles: [toDelegation('gamma', b, ['gamma/*/*'])] },
      });
    const gamma = (signed: Signed['signed']) =>
      void Object.assign(signed, { targets: { 'gamma/tool/1.0.0.skill': anything } });
    serve(victim, { acme: { change, keys: [a] }, gamma: { change: gamma, keys: [b] } });
    await victim.refuses('not_delegated', 'remote:gamma:tool');
  });
});
