// The whole path: a repository is made, skills are published, and a client installs them over HTTP.

import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { publishSkill } from '../repository/publish.ts';
import { revokeSkill, yankSkill } from '../repository/withdraw.ts';
import type { RegistrySource } from '../sources/source.ts';
import { parseSource } from '../sources/source.ts';
import { createFixture } from '../testing/fixture.ts';
import { newSkill } from '../testing/skills.ts';

const source = (text: string) => parseSource(text) as RegistrySource;

async function serve(folder: string): Promise<string> {
  const server = createServer(async (request, response) => {
    try {
      const bytes = await readFile(join(folder, decodeURIComponent(request.url ?? '')));
      response.writeHead(200, { 'content-length': bytes.length }).end(bytes);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  onTestFinished(() => {
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe('a client of a registry', () => {
  it('installs what was published, over a static file server', async () => {
    const fixture = await createFixture();
    await publishSkill(fixture.repository, newSkill('finance', '1.0.0'), fixture.online);
    const published = await publishSkill(fixture.repository, newSkill('finance', '1.1.0'), fixture.online);
    expect(published).toMatchObject({ published: true, waiting: [] });
    const client = fixture.createClient({ url: await serve(fixture.repository.folder), fetch });
    const installed = await client.install(source('remote:finance@^1'));
    expect(installed).toMatchObject({
      digest: published.digest,
      signers: [fixture.keys.targets.keyId],
      by: 'registry:targets',
      entry: { version: '1.1.0', description: 'Prices of shares and funds' },
    });
    const loaded = await client.load(source('remote:finance@^1'), { version: '1.1.0', digest: published.digest });
    expect(loaded.content).toEqual(installed.content);
    expect(await client.list()).toHaveLength(2);
    expect((await client.search('share')).map(({ version }) => version)).toEqual(['1.1.0']);
  });

  it('never resolves a range to what was yanked, and never loads what was revoked', async () => {
    const fixture = await createFixture();
    const client = fixture.createClient();
    const one = await publishSkill(fixture.repository, newSkill('finance', '1.0.0'), fixture.online);
    const two = await publishSkill(fixture.repository, newSkill('finance', '1.1.0'), fixture.online);
    await client.install(source('remote:finance'));
    await yankSkill(fixture.repository, { name: 'finance', version: '1.1.0' }, 'wrong prices', fixture.online);
    expect((await client.resolve(source('remote:finance'))).version).toBe('1.0.0');
    await expect(client.resolve(source('explicit:finance@1.1.0'))).rejects.toMatchObject({
      details: { reason: 'yanked' },
    });
    const pin = { version: '1.1.0', digest: two.digest };
    expect((await client.install(source('remote:finance'), pin)).entry.version).toBe('1.1.0');
    await revokeSkill(fixture.repository, { name: 'finance', version: '1.1.0' }, 'steals', fixture.online);
    await expect(client.install(source('remote:finance'), pin)).rejects.toMatchObject({
      details: { reason: 'revoked' },
    });
    await expect(client.load(source('remote:finance'), pin)).rejects.toMatchObject({ details: { reason: 'revoked' } });
    expect((await client.install(source('remote:finance'))).digest).toBe(one.digest);
  });
});
