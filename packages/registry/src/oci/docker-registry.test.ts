// Push and pull against a real registry server: Debian's docker-registry.
import { describe, expect, it } from 'vitest';
import { createSigningKey } from '../keys/key.ts';
import { packSkill } from '../manifest/read-skill.ts';
import type { OciSource } from '../sources/source.ts';
import { parseSource } from '../sources/source.ts';
import { findDockerRegistry, startDockerRegistry } from '../testing/docker-registry.ts';
import { newComponentSkill, newSkill } from '../testing/skills.ts';
import { verifySkill } from '../verify/verify-skill.ts';
import { pullArtifact } from './pull.ts';
import { pushSkill } from './push.ts';

const program = findDockerRegistry();
const skip = program === undefined && process.env.CI === undefined;
const why = skip ? ' (skipped: docker-registry is not installed; apt-get install docker-registry)' : '';
// ann with the password "secret".
const USERS = 'ann:$2b$05$abcdefghijklmnopqrstuuOQiyCxlgf/oeuTqixKmWdcYUh4Hjl0a\n';

const at = (host: string, rest: string) => parseSource(`oci://${host}/${rest}`) as OciSource;

describe.skipIf(skip)(`a real OCI registry${why}`, () => {
  it('takes a component and gives it back, signed', async () => {
    const host = await startDockerRegistry(program!);
    const keys = [createSigningKey(), createSigningKey()];
    const skill = newComponentSkill();
    const digest = await pushSkill(at(host, 'acme/prices:1.0.0'), skill, [keys[0]!], { fetch });
    expect(await pushSkill(at(host, 'acme/prices:1.0.0'), skill, [keys[1]!], { fetch })).toBe(digest);
    for (const reference of [':1.0.0', `@${digest}`]) {
      const pulled = await pullArtifact(at(host, `acme/prices${reference}`), { fetch });
      expect(pulled).toMatchObject({ manifestDigest: digest, policies: [], skipped: [] });
      expect(pulled.bytes.equals(packSkill(skill))).toBe(true);
      const verified = verifySkill({
        bytes: pulled.bytes,
        proof: { kind: 'signature', envelopes: pulled.envelopes, trusted: keys, signed: digest, threshold: 2 },
        expected: { name: 'prices', version: '1.0.0' },
      });
      expect([...verified.signers].sort()).toEqual(keys.map(({ keyId }) => keyId).sort());
    }
  });

  it('lays a component out as other wasm tools expect it', async () => {
    const host = await startDockerRegistry(program!);
    const component = { exports: ['test:prices/api'], imports: [], target: 'test:prices/prices' };
    await pushSkill(at(host, 'prices:1'), newComponentSkill(), [], { fetch }, component);
    const accept = { accept: 'application/vnd.oci.image.manifest.v1+json' };
    const manifest = await (await fetch(`http://${host}/v2/prices/manifests/1`, { headers: accept })).json();
    expect(manifest).toMatchObject({
      config: { mediaType: 'application/vnd.wasm.config.v0+json' },
      layers: [{ mediaType: 'application/wasm', size: 8 }],
      annotations: { 'org.opencontainers.image.version': '1.0.0' },
    });
    const config = await (await fetch(`http://${host}/v2/prices/blobs/${manifest.config.digest}`)).json();
    expect(config).toMatchObject({
      architecture: 'wasm',
      os: 'wasip2',
      layerDigests: [manifest.layers[0].digest],
      component,
    });
  });

  it('takes skills of other languages as their archive', async () => {
    const host = await startDockerRegistry(program!);
    const skill = newSkill('acme:finance');
    await pushSkill(at(host, 'finance:latest'), skill, [], { fetch });
    const pulled = await pullArtifact(at(host, 'finance:latest'), { fetch });
    expect(pulled.bytes.equals(packSkill(skill))).toBe(true);
    expect(pulled.envelopes).toEqual([]);
    await expect(pullArtifact(at(host, 'finance:none'), { fetch })).rejects.toMatchObject({
      details: { reason: 'missing' },
    });
  });

  it('asks for a name and a password', async () => {
    const host = await startDockerRegistry(program!, USERS);
    const key = createSigningKey();
    const access = { fetch, credentials: { username: 'ann', password: 'secret' } };
    const digest = await pushSkill(at(host, 'prices:1'), newComponentSkill(), [key], access);
    expect((await pullArtifact(at(host, 'prices:1'), access)).manifestDigest).toBe(digest);
    const wrong = { fetch, credentials: { username: 'ann', password: 'no' } };
    for (const other of [wrong, { fetch }]) {
      await expect(pullArtifact(at(host, 'prices:1'), other)).rejects.toMatchObject({
        details: { reason: 'unreachable', status: 401 },
      });
    }
  });
});
