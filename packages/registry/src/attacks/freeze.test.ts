// Indefinite freeze: a mirror shows the same for ever. Every role's expiry puts an end to it, each with its own reason.
import { describe, expect, it } from 'vitest';
import { publishSkill } from '../repository/publish.ts';
import { refreshRepository } from '../repository/refresh.ts';
import { rotateKeys } from '../repository/rotate.ts';
import { createFixture } from '../testing/fixture.ts';
import { newSkill } from '../testing/skills.ts';
import { createVictim, from } from '../testing/victim.ts';

describe('freeze', () => {
  it('refuses a timestamp that has expired, and says that news may be held back', async () => {
    const victim = await createVictim();
    const old = victim.copy();
    await publishSkill(victim.repository, newSkill('finance', '1.1.0'), victim.online);
    victim.mirror.folder = old.folder;
    expect((await victim.client.install(from('remote:finance'))).entry.version).toBe('1.0.0');
    victim.passDays(3);
    await victim.refuses('frozen');
    expect((await victim.client.load(from('remote:finance'), victim.pin)).stale).toBe('frozen');
  });

  it('comes back to life with a new timestamp', async () => {
    const victim = await createVictim();
    victim.passDays(3);
    await victim.refuses('frozen');
    await refreshRepository(victim.repository, victim.online);
    const { stale, entry } = await victim.client.install(from('remote:finance'));
    expect([stale, entry.version]).toEqual([undefined, '1.0.0']);
  });

  it('refuses an expired snapshot under a fresh timestamp', async () => {
    const victim = await createVictim();
    victim.passDays(15);
    await refreshRepository(victim.repository, [victim.keys.timestamp]);
    await victim.refuses('expired_snapshot');
  });

  it('refuses expired targets under a fresh snapshot', async () => {
    const victim = await createVictim();
    victim.passDays(91);
    await refreshRepository(victim.repository, [victim.keys.timestamp, victim.keys.snapshot]);
    await victim.refuses('expired_targets');
  });

  it('refuses an expired root, and follows a chain over expired ones to a new one', async () => {
    const victim = await createVictim();
    victim.passDays(366);
    await refreshRepository(victim.repository, victim.online);
    await victim.refuses('expired_root');
    await rotateKeys(victim.repository, { role: 'root' }, victim.keys.root);
    expect((await victim.client.install(from('remote:finance'))).rootVersion).toBe(2);
  });

  it('says of offline use without a pin that the metadata is too old', async () => {
    const fixture = await createFixture();
    await publishSkill(fixture.repository, newSkill(), fixture.online);
    fixture.passDays(3);
    await expect(fixture.createClient().list()).rejects.toMatchObject({
      code: 'forbidden',
      details: { reason: 'frozen' },
    });
  });
});
