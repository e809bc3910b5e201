// Arbitrary software: bytes that the owners of the registry never signed, at every place where bytes can be replaced.
import { describe, it } from 'vitest';
import { createSigningKey } from '../keys/key.ts';
import { publishSkill } from '../repository/publish.ts';
import { rotateKeys } from '../repository/rotate.ts';
import { newSkill } from '../testing/skills.ts';
import { createVictim, forge, readSigned, type Signed, type Victim } from '../testing/victim.ts';

const FILES = {
  timestamp: /^timestamp\.json$/,
  snapshot: /\d+\.snapshot\.json$/,
  targets: /\d+\.targets\.json$/,
  root: /^2\.root\.json$/,
};
type Role = keyof typeof FILES;

/** Publishes 1.1.0 and a second root, so that every role has something new to lie about. */
async function attack(role: Role | 'archive', lie: (truth: Buffer, victim: Victim) => Buffer): Promise<Victim> {
  const victim = await createVictim();
  await publishSkill(victim.repository, newSkill('finance', '1.1.0'), victim.online);
  await rotateKeys(victim.repository, { role: 'root' }, victim.all);
  const { readFile } = await import('node:fs/promises');
  const pattern = role === 'archive' ? /1\.1\.0\.skill$/ : FILES[role];
  victim.mirror.lie = async (path) =>
    pattern.test(path) ? lie(await readFile(`${victim.repository.folder}/${path}`), victim) : undefined;
  return victim;
}

const parse = (truth: Buffer) => JSON.parse(truth.toString('utf8')) as Signed;
const stranger = createSigningKey();

describe('arbitrary software', () => {
  it('refuses an archive with one byte changed', async () => {
    const victim = await attack('archive', (truth) => {
      const lie = Buffer.from(truth);
      lie[700] = lie[700]! ^ 1;
      return lie;
    });
    await victim.refuses('tampered');
  });

  it('refuses an archive that is cut off', async () => {
    const victim = await attack('archive', (truth) => truth.subarray(0, truth.length - 512));
    await victim.refuses('tampered');
  });

  for (const role of ['timestamp', 'snapshot', 'targets', 'root'] as const) {
    it(`refuses ${role} metadata that was changed after it was signed`, async () => {
      const victim = await attack(role, (truth) => {
        const lie = parse(truth);
        lie.signed.expires = '2099-01-01T00:00:00Z';
        return Buffer.from(JSON.stringify(lie));
      });
      await victim.refuses('tampered');
    });
  }

  for (const role of ['timestamp', 'root'] as const) {
    it(`refuses ${role} metadata that a stranger signed`, async () => {
      const victim = await attack(role, (truth) => forge(parse(truth), () => undefined, [stranger]));
      await victim.refuses('wrong_key');
    });

    it(`refuses ${role} metadata without any signature`, async () => {
      const victim = await attack(role, (truth) => forge(parse(truth), () => undefined, []));
      await victim.refuses('wrong_key');
    });
  }

  for (const role of ['timestamp', 'root'] as const) {
    it(`refuses ${role} metadata that is no JSON`, async () => {
      const victim = await attack(role, () => Buffer.from('<html>'));
      await victim.refuses('malformed');
    });
  }

  it('refuses snapshot metadata of a stranger whom a stolen timestamp key vouches for', async () => {
    const victim = await createVictim();
    const { folder } = victim.repository;
    await publishSkill(victim.repository, newSkill('finance', '1.1.0'), victim.online);
    const timestamp = readSigned(folder, 'timestamp.json');
    victim.mirror.lie = (path) => {
      const version = /^(\d+)\.snapshot\.json$/.exec(path)?.[1];
      if (version !== undefined) return forge(readSigned(folder, path), () => undefined, [stranger]);
      if (path !== 'timestamp.json') return undefined;
      return forge(
        timestamp,
        (signed) => {
          for (const entry of Object.values(signed.meta as Record<string, Record<string, unknown>>)) {
            delete entry.hashes;
            delete entry.length;
          }
        },
        [victim.keys.timestamp],
      );
    };
    await victim.refuses('wrong_key');
  });
});
