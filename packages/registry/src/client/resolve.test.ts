// Which version a source means: ranges and prereleases as npm has them, withdrawn versions left out.
import { describe, expect, it } from 'vitest';
import { publishSkill } from '../repository/publish.ts';
import { revokeSkill, yankSkill } from '../repository/withdraw.ts';
import { createFixture } from '../testing/fixture.ts';
import { newSkill } from '../testing/skills.ts';
import { from } from '../testing/victim.ts';

async function withVersions(...versions: string[]) {
  const fixture = await createFixture();
  for (const version of versions) await publishSkill(fixture.repository, newSkill('finance', version), fixture.online);
  const client = fixture.createClient();
  const resolve = (text: string) => client.resolve(from(text)).then(({ version }) => version);
  const reason = (text: string) =>
    resolve(text).catch((error: { details: { reason: string } }) => error.details.reason);
  return { ...fixture, client, resolve, reason };
}

describe('a range', () => {
  it('means the highest version in it', async () => {
    const { resolve, reason } = await withVersions('1.0.0', '1.2.0', '1.10.0', '2.0.0', '3.0.0-rc.1');
    const table = {
      'remote:finance': '2.0.0',
      'remote:finance@^1': '1.10.0',
      'remote:finance@~1.2': '1.2.0',
      'remote:finance@<1.2': '1.0.0',
    };
    for (const [text, version] of Object.entries(table)) expect([text, await resolve(text)]).toEqual([text, version]);
    expect(await resolve('remote:finance@>=3.0.0-beta')).toBe('3.0.0-rc.1');
    expect(await resolve('explicit:finance@3.0.0-rc.1')).toBe('3.0.0-rc.1');
    expect(await reason('remote:finance@^3')).toBe('no_match');
    expect(await reason('explicit:finance@1.1.0')).toBe('no_match');
    expect(await reason('remote:finances')).toBe('missing');
  });

  it('passes over what was withdrawn, and says so where nothing else is left', async () => {
    const { repository, online, resolve, reason } = await withVersions('1.0.0', '1.1.0', '1.2.0');
    await yankSkill(repository, { name: 'finance', version: '1.2.0' }, 'slow', online);
    await revokeSkill(repository, { name: 'finance', version: '1.1.0' }, 'steals', online);
    expect(await resolve('remote:finance')).toBe('1.0.0');
    expect(await reason('remote:finance@~1.2')).toBe('yanked');
    expect(await reason('remote:finance@~1.1')).toBe('revoked');
    expect(await reason('explicit:finance@1.1.0')).toBe('revoked');
  });
});

describe('the index', () => {
  it('is searched by words of names and descriptions, and shows what is usable', async () => {
    const fixture = await withVersions('1.0.0', '1.1.0', '2.0.0-rc.1');
    const { repository, online, client } = fixture;
    await publishSkill(repository, newSkill('mail-sender'), online);
    await yankSkill(repository, { name: 'finance', version: '1.1.0' }, 'slow', online);
    expect((await client.search('mail')).map(({ text }) => text)).toEqual(['mail-sender']);
    expect((await client.search('fin prices')).map(({ text, version }) => `${text}@${version}`)).toEqual([
      'finance@1.0.0',
      'mail-sender@1.0.0',
    ]);
    expect(await client.search('nothing like it')).toEqual([]);
    const yanked = (await client.list()).find(({ version }) => version === '1.1.0');
    expect(yanked).toMatchObject({ yanked: { reason: 'slow' }, permissions: { network: ['api.example.com:443'] } });
  });
});
