// Mix-and-match, wrong software, extraneous dependencies, malicious mirrors: genuine pieces put together wrongly.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { toHex } from '../encoding/digest.ts';
import { packSkill } from '../manifest/read-skill.ts';
import { publishSkill } from '../repository/publish.ts';
import { newSkill } from '../testing/skills.ts';
import { createVictim, forge, from, readSigned, type Signed } from '../testing/victim.ts';

describe('mix-and-match', () => {
  it('refuses targets of another state under the name of the new one', async () => {
    const victim = await createVictim();
    const old = readFileSync(join(victim.repository.folder, '2.targets.json'));
    await publishSkill(victim.repository, newSkill('finance', '1.1.0'), victim.online);
    victim.mirror.lie = (path) => (path === '3.targets.json' ? old : undefined);
    await victim.refuses('mixed');
  });

  it('refuses a snapshot of another state under the name of the new one', async () => {
    const victim = await createVictim();
    const old = readFileSync(join(victim.repository.folder, '2.snapshot.json'));
    await publishSkill(victim.repository, newSkill('finance', '1.1.0'), victim.online);
    victim.mirror.lie = (path) => (path === '3.snapshot.json' ? old : undefined);
    await victim.refuses('mixed');
  });

  it('refuses them also where the metadata above lists no hashes', async () => {
    const victim = await createVictim();
    const { folder } = victim.repository;
    const old = readFileSync(join(folder, '2.snapshot.json'));
    await publishSkill(victim.repository, newSkill('finance', '1.1.0'), victim.online);
    const timestamp = forge(
      readSigned(folder, 'timestamp.json'),
      (signed) => {
        signed.meta = { 'snapshot.json': { version: 3 } };
      },
      [victim.keys.timestamp],
    );
    victim.mirror.lie = (path) =>
      path === '3.snapshot.json' ? old : path === 'timestamp.json' ? timestamp : undefined;
    await victim.refuses('mixed');
  });

  it('says of a snapshot that is not there that it is missing', async () => {
    const victim = await createVictim();
    await publishSkill(victim.repository, newSkill('finance', '1.1.0'), victim.online);
    victim.mirror.lie = (path) => (path === '3.snapshot.json' ? null : undefined);
    await victim.refuses('missing');
  });
});

describe('wrong software', () => {
  it('refuses another genuine archive in the place of the one asked for', async () => {
    const victim = await createVictim();
    await publishSkill(victim.repository, newSkill('finance', '1.1.0'), victim.online);
    await publishSkill(victim.repository, newSkill('other', '1.0.0', 'evil'), victim.online);
    const other = packSkill(newSkill('other', '1.0.0', 'evil'));
    victim.mirror.lie = (path) => (/1\.1\.0\.skill$/.test(path) ? other : undefined);
    await victim.refuses('tampered');
  });

  it('refuses an archive that is signed under a name which its own manifest does not have', async () => {
    const victim = await createVictim();
    const { folder } = victim.repository;
    const other = await publishSkill(victim.repository, newSkill('other', '1.0.0', 'evil'), victim.online);
    // Whoever holds the publishing keys signs other@1.0.0 as finance@9.0.0.
    const targets = forge(
      readSigned(folder, '3.targets.json'),
      (signed) => {
        const listed = signed.targets as Record<string, unknown>;
        listed['finance/9.0.0.skill'] = listed['other/1.0.0.skill'];
      },
      [victim.keys.targets],
    );
    const { snapshot, timestamp } = vouch(victim, targets);
    victim.mirror.lie = (path) => {
      if (path === '3.targets.json') return targets;
      if (path === '3.snapshot.json') return snapshot;
      if (path === 'timestamp.json') return timestamp;
      return path.includes('9.0.0')
        ? readFileSync(join(folder, `targets/other/${toHex(other.digest)}.1.0.0.skill`))
        : undefined;
    };
    await victim.refuses('wrong_software');
  });

  /** What stolen online keys make of targets metadata. */
  function vouch(victim: Awaited<ReturnType<typeof createVictim>>, _targets: Buffer) {
    const { folder } = victim.repository;
    const bare = (file: string) => (signed: Signed['signed']) =>
      Object.assign(signed, { meta: { [file]: { version: 3 } } });
    return {
      snapshot: forge(readSigned(folder, '3.snapshot.json'), bare('targets.json'), [victim.keys.snapshot]),
      timestamp: forge(readSigned(folder, 'timestamp.json'), bare('snapshot.json'), [victim.keys.timestamp]),
    };
  }
});

describe('extraneous dependencies', () => {
  const lies = {
    'has replaced one name by another': (text: string) => text.replace('finance/1.1.0.skill', 'xxxance/1.1.0.skill'),
    'has left out a skill': (text: string) => text.replace('finance/1.1.0.skill', 'finance/1.1.0'),
  };
  for (const [what, lie] of Object.entries(lies)) {
    it(`refuses an index in which a mirror ${what}`, async () => {
      const victim = await createVictim();
      const { folder } = victim.repository;
      await publishSkill(victim.repository, newSkill('finance', '1.1.0'), victim.online);
      victim.mirror.lie = (path) =>
        path === '3.targets.json' ? Buffer.from(lie(readFileSync(join(folder, path), 'utf8'))) : undefined;
      await victim.refuses('tampered');
    });
  }

  it('reads no further than the signed length where a mirror has added a skill', async () => {
    const victim = await createVictim();
    await publishSkill(victim.repository, newSkill('finance', '1.1.0'), victim.online);
    victim.mirror.lie = (path) => {
      if (path !== '3.targets.json') return undefined;
      const lie = readSigned(victim.repository.folder, path);
      const listed = lie.signed.targets as Record<string, unknown>;
      listed['helper/1.0.0.skill'] = listed['finance/1.1.0.skill'];
      return Buffer.from(JSON.stringify(lie));
    };
    await victim.refuses('endless', 'remote:helper');
  });
});

describe('malicious mirrors', () => {
  it('refuses one that hides everything', async () => {
    const victim = await createVictim();
    victim.mirror.lie = () => null;
    await victim.refuses('missing');
  });

  it('refuses one that answers with errors', async () => {
    const victim = await createVictim();
    victim.mirror.lie = () => new Response('down', { status: 503 });
    await victim.refuses('unreachable');
  });

  it('takes the truth from another mirror afterwards', async () => {
    const victim = await createVictim();
    await publishSkill(victim.repository, newSkill('finance', '1.1.0'), victim.online);
    victim.mirror.lie = (path) => (path.endsWith('.skill') ? Buffer.from('evil') : undefined);
    await victim.refuses('tampered');
    victim.mirror.lie = () => undefined;
    expect((await victim.client.install(from('remote:finance'))).entry.version).toBe('1.1.0');
  });
});
