// The guard as operators use it: a file of policies that is followed while calls run, approvals, the audit log.
import { appendFileSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JsonObject } from '@pypes/contract';
import { afterAll, describe, expect, it } from 'vitest';
import { newFolder, type Server, startServer, stopServers } from './server.ts';
import { json, pypes } from './skills.fixtures.ts';

afterAll(stopServers);

const AGENTS = {
  'mail.lispy': '(def AGENT {:name "mail"})\n(defn run [context to] (str "sent to " to))\n',
  'echo.lispy': '(def AGENT {:name "echo"})\n(defn run [context text] text)\n',
};

function writePolicy(path: string, text: string): void {
  writeFileSync(`${path}.new`, text);
  renameSync(`${path}.new`, path);
}

async function start(policy: string, root = join(newFolder(), 'data')) {
  const file = join(newFolder(), 'policy.toml');
  writePolicy(file, policy);
  const server = await startServer(AGENTS, {
    root,
    args: ['--policy', file],
    env: { PYPES_TOKEN: 'operator-token' },
  });
  return { server, file, root };
}

const call = async (server: Server, name: string, args: JsonObject) => {
  const [{ pack_guid: guid }] = (await server.get('/api/pack/healthz')).body.packs as [JsonObject];
  return server.call(String(guid), name, args);
};

async function until(what: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await what())) await new Promise((done) => setTimeout(done, 50));
}

describe('policies', () => {
  it('hold from the file, are replaced when it changes, and stay when it is wrong', async () => {
    const { server, file } = await start('[[policy]]\nuse = "data-budget"\nto = "echo"\nmax_bytes_per_call = 20\n');
    expect((await call(server, 'echo', { text: 'short' })).body.output).toBe('short');
    const long = { text: 'x'.repeat(50) };
    expect(await call(server, 'echo', long)).toMatchObject({
      status: 403,
      body: { code: 'policy_denied', policy: 'data-budget' },
    });

    writePolicy(file, '[[policy]]\nuse = "data-budgt"\n');
    await until(() => server.logs.some(({ event }) => event === 'policy.refused'));
    const refused = server.logs.find(({ event }) => event === 'policy.refused');
    expect(String(refused?.reason)).toContain(':2:1 "use" is "data-budgt"; did you mean "data-budget"?');
    expect((await call(server, 'echo', long)).status).toBe(403);

    writePolicy(file, '[[policy]]\nuse = "data-budget"\nto = "echo"\nmax_bytes_per_call = 200\n');
    await until(async () => (await call(server, 'echo', long)).status === 200);
  });

  it('are refused at the start when they are wrong, with every place', async () => {
    const folder = newFolder();
    writeFileSync(join(folder, 'policy.toml'), '[[policy]]\nuse = "rate"\nmax_calls = 0\nper_second = 1\n[other]\n');
    const ran = await pypes(['serve', folder, '--port', '0', '--policy', join(folder, 'policy.toml')]);
    expect(ran.status).toBe(2);
    for (const text of [':3:', ':4:', 'did you mean "per_seconds"', '"other" is not known'])
      expect(ran.err).toContain(text);
    const missing = await pypes(['serve', folder, '--port', '0', '--policy', join(folder, 'none.toml')]);
    expect([missing.status, missing.err]).toEqual([2, expect.stringContaining('does not exist')]);
  });

  it('below the root hold for the command line too', async () => {
    const folder = newFolder();
    const root = join(folder, 'data');
    writeFileSync(join(folder, 'echo.lispy'), AGENTS['echo.lispy']);
    expect((await pypes(['call', 'echo', '{"text": "a"}', '--folder', folder, '--root', root])).status).toBe(0);
    writePolicy(join(root, 'policy.toml'), '[[policy]]\nuse = "allow"\nfrom = "cli"\nto = "nothing"\n');
    const denied = await pypes(['call', 'echo', '{"text": "a"}', '--folder', folder, '--root', root, '--json']);
    expect([denied.status, json(denied).code]).toEqual([2, 'policy_denied']);
  });
});

describe('the policies of spec 4', () => {
  it('block a card that leaves, mask a secret that comes back, and keep what was read', async () => {
    const { server } = await start(
      '[[policy]]\nuse = "dlp"\nto = "mail"\ndetect = ["payment-card"]\naction = "block"\n[[policy]]\nuse = "dlp"\nto = "echo"\non = "reply"\ndetect = ["email"]\naction = "redact"\n[[policy]]\nuse = "labels"\n',
    );
    const card = await call(server, 'mail', { to: 'a@example.com, card 4111 1111 1111 1111' });
    expect(card).toMatchObject({ status: 403, body: { policy: 'dlp' } });
    expect(JSON.stringify(card.body)).not.toContain('1111 1111');
    const echoed = (await call(server, 'echo', { text: 'write to ann@example.com' })).body.output;
    expect(String(echoed)).toMatch(/^write to .*@example\.com$/);
    expect(String(echoed)).not.toContain('ann@');
  });
});

describe('an approval', () => {
  const POLICY = '[[policy]]\nuse = "approve"\nto = "mail"\nreason = "It leaves the house"\n';

  it('is asked for, given on the command line, used once, and survives a restart in between', async () => {
    const { server, root, file } = await start(POLICY);
    const args = { to: 'a@example.com' };
    const asked = await call(server, 'mail', args);
    expect(asked).toMatchObject({ status: 403, body: { code: 'approval_required', policy: 'approve' } });
    const { id } = asked.body.approval as JsonObject;
    await server.stop('SIGKILL');
    const listed = await pypes(['approvals', 'list', '--root', root]);
    expect(listed.out).toContain(`${id}  pending  http → mail  It leaves the house`);
    expect((await pypes(['approvals', 'grant', String(id), '--as', 'ann', '--root', root])).status).toBe(0);
    expect((await pypes(['approvals', 'grant', String(id), '--root', root])).status).toBe(3);

    const again = await startServer({}, { root, folder: server.folder, args: ['--policy', file] });
    expect((await call(again, 'mail', { to: 'b@example.com' })).body.code).toBe('approval_required');
    expect((await call(again, 'mail', args)).body.output).toBe('sent to a@example.com');
    expect((await call(again, 'mail', args)).body.code).toBe('approval_required');
    const shown = json(await pypes(['audit', 'show', '--root', root, '--json'])).records as JsonObject[];
    expect(shown.map(({ decision }) => decision)).toEqual(['defer', 'defer', 'approve', 'defer']);
    expect(JSON.stringify(shown[2]?.policies)).toContain('ann said yes');
  });

  it('is given over HTTP with the token of the operator, and to nobody else', async () => {
    const { server } = await start(POLICY);
    const asked = await call(server, 'mail', { to: 'a@example.com' });
    const { id } = asked.body.approval as JsonObject;
    const path = `/api/v1/approvals/${String(id)}`;
    expect((await server.get('/api/v1/approvals')).status).toBe(401);
    expect((await server.post(path, { decision: 'grant' })).status).toBe(401);
    expect((await server.post(path, { decision: 'grant' }, { authorization: 'Bearer wrong' })).status).toBe(403);
    const operator = { authorization: 'Bearer operator-token' };
    expect((await server.post(path, { decision: 'maybe' }, operator)).status).toBe(400);
    expect((await server.get('/api/v1/approvals', operator)).body.approvals).toHaveLength(1);
    expect((await server.post(path, { decision: 'deny', comment: 'not today' }, operator)).status).toBe(200);
    const denied = await call(server, 'mail', { to: 'a@example.com' });
    expect([denied.status, denied.body.message]).toEqual([403, expect.stringContaining('not today')]);
    expect((await server.post(path, { decision: 'grant' }, operator)).status).toBe(409);
    expect((await server.post(`${path}x`, { decision: 'grant' }, operator)).status).toBe(404);
  });

  it('cannot be given over HTTP where the operator has no token', async () => {
    const server = await startServer(AGENTS, { env: { PYPES_TOKEN: '' } });
    expect((await server.get('/api/v1/approvals')).status).toBe(403);
  });
});

describe('the audit log', () => {
  it('has every answered call after kill -9, and shows what was changed or cut off', async () => {
    const root = join(newFolder(), 'data');
    const server = await startServer(AGENTS, { root });
    let answered = 0;
    const work = Array.from({ length: 8 }, async () => {
      for (;;) {
        const answer = await call(server, 'echo', { text: 'x' }).catch(() => undefined);
        if (answer === undefined) return;
        answered += 1;
        if (answered === 200) server.process.kill('SIGKILL');
      }
    });
    await Promise.all(work);
    const verified = json(await pypes(['audit', 'verify', '--root', root, '--json']));
    expect(verified).toMatchObject({ status: 'ok', ok: true });
    expect(Number(verified.records)).toBeGreaterThanOrEqual(answered);

    await pypes(['call', 'echo', '{"text": "y"}', '--folder', server.folder, '--root', root]);
    const after = json(await pypes(['audit', 'verify', '--root', root, '--json', '--head', String(verified.head)]));
    expect(after).toMatchObject({ ok: true });
    expect(Number(after.records)).toBeGreaterThan(Number(verified.records));
    expect(after.signed).toBe(after.records);

    const path = join(root, 'audit', '000001.jsonl');
    const text = readFileSync(path, 'utf8');
    writeFileSync(path, text.slice(0, text.lastIndexOf('{"seal":', text.length - 200)));
    const cut = await pypes(['audit', 'verify', '--root', root, '--head', String(after.head)]);
    expect([cut.status, cut.out]).toEqual([2, expect.stringContaining('cut off')]);
    writeFileSync(path, text.replace('"decision":"allow"', '"decision":"deny!"'));
    expect((await pypes(['audit', 'verify', '--root', root])).status).toBe(2);
    // A root that was mistyped has nothing wrong with it, and passes nothing.
    const nowhere = await pypes(['audit', 'verify', '--root', join(root, 'nowhere')]);
    expect(nowhere).toMatchObject({ status: 2, out: '' });
    writeFileSync(path, text);
    appendFileSync(path, '{"decision":"allow"}\n');
    expect((await pypes(['audit', 'verify', '--root', root])).out).toContain('1 lines after the last seal');
  });

  it('refuses calls while it cannot be written', async () => {
    const root = newFolder();
    const server = await startServer(AGENTS, { root });
    writeFileSync(join(root, 'audit'), 'no folder');
    expect((await call(server, 'echo', { text: 'x' })).body.code).toBe('unavailable');
    expect((await call(server, 'echo', { text: 'x' })).body.code).toBe('unavailable');
    renameSync(join(root, 'audit'), join(root, 'aside'));
    await until(async () => (await call(server, 'echo', { text: 'x' })).status === 200);
    const exported = await pypes(['audit', 'export', '--root', root]);
    expect(exported.out.trim().split('\n').length).toBeGreaterThanOrEqual(2);
  });
});
