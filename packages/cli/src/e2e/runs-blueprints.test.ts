// Blueprints as runs of a service: offered by a folder, with files beside them, people to be asked, and a service that dies.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server as Site } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { JsonObject } from '@pypes/contract';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { agent, head, step, writeBlueprint } from './blueprints.fixtures.ts';
import { begin, freePort, pollRun, type Reader, stopCommands } from './runs.fixtures.ts';
import { newFolder, type Server, startServer, stopServers } from './server.ts';
import { json, pypes } from './skills.fixtures.ts';

const SLOW = { timeout: 120_000 };
const SOON = { timeout: 60_000, interval: 20 };
const JSON_BODY = { 'content-type': 'application/json' };

/** Counts who comes; what begins with `/held` waits until it is let go. */
let site: Site;
let host = '';
const visits: string[] = [];
const held: (() => void)[] = [];

beforeAll(async () => {
  site = createServer((request, response) => {
    const path = String(request.url);
    visits.push(path);
    const answer = () => response.end(`answer to ${path}`);
    if (path.startsWith('/held')) held.push(answer);
    else answer();
  });
  await new Promise<void>((listening) => site.listen(0, '127.0.0.1', listening));
  host = `127.0.0.1:${(site.address() as AddressInfo).port}`;
});
afterEach(async () => {
  stopCommands();
  await stopServers();
  visits.splice(0);
  held.splice(0);
});
afterAll(() => {
  site.closeAllConnections();
  site.close();
});

const FETCHES = agent('visit', '  return (await context.fetch(args.url)).text();');
const fetching = (id: string, path: string, more = '') =>
  step(id, 'visitor', `input = { url = "http://${host}${path}" }\n${more}`);
const granted = () => `[grants]\nvisitor = { network = ["${host}"] }\n`;
/** Two visits, the second of which is held, and a step that puts both together. */
const errands = () =>
  `${head({ visitor: 'visitor.mjs', joiner: 'joiner.lua' }).replace('"test"', '"errands"')}${fetching('first', '/first')}${fetching(
    'second',
    '/held',
    'after = ["first"]',
  )}${step('both', 'joiner', 'input = { a = "{{ first.output }}", b = "{{ second.output }}", who = "{{ input.who }}" }')}${granted()}`;
const JOINS =
  'AGENT = { name = "join", parameters = { type = "object" } }\nfunction run(context, args) return args.a .. " and " .. args.b .. " for " .. args.who end\n';
const MAILS = `${head({ mail: 'mail.mjs' }).replace('"test"', '"mails"')}${step(
  'send',
  'mail',
  'input = { to = "{{ input.to }}" }',
)}[[policy]]\nuse = "approve"\nto = "mail.send"\nreason = "It leaves the house"\n`;

/** A folder of blueprints with its configuration. */
function offer(): { readonly folder: string; readonly args: readonly string[] } {
  const folder = newFolder();
  const blueprints = join(folder, 'blueprints');
  const files = {
    'errands/agent.toml': errands(),
    'errands/visitor.mjs': FETCHES,
    'errands/joiner.lua': JOINS,
    'mails/agent.toml': MAILS,
    'mails/mail.mjs': agent('send', "  context.log('info', 'sending');\n  return 'sent to ' + args.to;"),
    'broken/agent.toml': '[blueprint\n',
  };
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(blueprints, path, '..'), { recursive: true });
    writeFileSync(join(blueprints, path), text);
  }
  const config = join(folder, 'pypes.toml');
  writeFileSync(config, '[blueprints]\nfolder = "blueprints"\n');
  return { folder: blueprints, args: ['--config', config] };
}

const start = (server: Server, blueprint: string, input: JsonObject, more: JsonObject = {}) =>
  server.post('/v1/runs', { blueprint, input, ...more }, JSON_BODY);
const viewOf = async (server: Server, id: string) => (await server.get(`/v1/runs/${id}`)).body;
const seen = ({ lines }: Reader) => lines.map((line) => JSON.parse(line) as JsonObject);
const attrsOf = (reader: Reader, type: string) =>
  seen(reader)
    .filter((event) => event.event_type === type)
    .map(({ attrs }) => attrs as JsonObject);

describe('a blueprint that a service offers', () => {
  it('runs with the files beside it, under the grants that stand in it', SLOW, async () => {
    const { args } = offer();
    const server = await startServer({}, { args });
    const accepted = await start(server, 'errands', { who: 'Ann' });
    expect(accepted.status).toBe(202);
    const id = String(accepted.body.run_id);
    const reader = pollRun(server.url, id, 500);
    await expect.poll(() => held.length, SOON).toBe(1);
    held[0]?.();
    await reader.done;
    expect(await viewOf(server, id)).toMatchObject({
      status: 'finished',
      blueprint: 'errands',
      result: 'answer to /first and answer to /held for Ann',
    });
    expect(
      attrsOf(reader, 'tool.call.started')
        .map(({ step }) => step)
        .filter((name) => name !== undefined),
    ).toEqual(['first', 'second', 'both']);
    // The same over the command line.
    const ran = pypes(['run', 'errands', '--blueprint', '--url', server.url, '--input', '{"who":"Ben"}', '--json']);
    await expect.poll(() => held.length, SOON).toBe(2);
    held[1]?.();
    expect(json(await ran)).toMatchObject({ output: 'answer to /first and answer to /held for Ben' });
    const { body } = await server.post(`/v1/runs/${id}/replay`, { recorded_calls: true }, JSON_BODY);
    const again = pollRun(server.url, String(body.run_id), 500);
    await again.done;
    expect(await viewOf(server, String(body.run_id))).toMatchObject({ status: 'finished' });
    expect(visits).toEqual(['/first', '/held', '/first', '/held']);
  });

  it('that is not there, that cannot be read, and that the check refuses is said to be', SLOW, async () => {
    const { folder, args } = offer();
    const server = await startServer({}, { args });
    const typed = async (...given: readonly [string, JsonObject?, JsonObject?]) => {
      const { status, body } = await start(server, given[0], given[1] ?? {}, given[2]);
      return [status, (body.error as JsonObject).type];
    };
    expect(await typed('nothing')).toEqual([404, 'not_found']);
    expect(await typed('../errands')).toEqual([404, 'not_found']);
    expect(await typed('errands', {}, { pack: 'x' })).toEqual([422, 'invalid_input']);
    expect(await typed('errands', {}, { agent: 'x' })).toEqual([422, 'invalid_input']);
    // A wire that leads nowhere: found by the check, before anything runs.
    writeFileSync(join(folder, 'errands', 'agent.toml'), `${errands()}[wiring]\n"visitor.call" = "joiner.nothing"\n`);
    expect(await typed('errands', { who: 'Ann' })).toEqual([403, 'policy_denied']);
    rmSync(join(folder, 'errands', 'joiner.lua'));
    writeFileSync(join(folder, 'errands', 'agent.toml'), errands());
    expect((await typed('errands', { who: 'Ann' }))[0]).toBe(403);
    expect(visits).toEqual([]);
    expect((await server.get('/v1/runs')).body.runs).toEqual([]);
  });
});

describe('a blueprint on this machine', () => {
  const toml = head({ it: 'it.mjs' }) + step('only', 'it', 'input = { n = "{{ input.n }}" }');
  const body =
    "  context.log('info', 'begun');\n  while (args.n === 0) await new Promise((done) => setTimeout(done, 20));\n  return args.n;";
  const blueprint = writeBlueprint(toml, { 'it.mjs': agent('it', body) });

  it('is one run for one key, and is for a user who is one', SLOW, async () => {
    const key = ['--json', '--idempotency-key', 'once'];
    const first = await blueprint.run({ n: 1 }, ...key);
    const [again, other, nobody] = await Promise.all([
      blueprint.run({ n: 1 }, ...key),
      blueprint.run({ n: 2 }, ...key),
      blueprint.run({ n: 1 }, '--json', '--user', 'ann'),
    ]);
    expect(json(again)).toEqual({ status: 'ok', run: json(first).run, output: 1 });
    expect(json(other)).toMatchObject({ code: 'conflict', run_id: json(first).run });
    expect([nobody.status, json(nobody).code]).toEqual([2, 'invalid_request']);
  });

  it('ends where somebody interrupts it, and says so', SLOW, async () => {
    const at = ['--root', blueprint.root];
    const command = begin(['run', 'agent.toml', '--input', '{"n":0}', ...at], blueprint.folder);
    await expect.poll(command.err, SOON).toContain('begun');
    command.process.kill('SIGINT');
    const { status, err } = await command.ended;
    expect([status, err]).toEqual([2, expect.stringContaining('Canceling')]);
    const { runs } = json(await pypes(['runs', 'list', '--limit', '1', '--json', ...at]));
    expect(runs).toMatchObject([{ status: 'canceled' }]);
  });
});

describe('a person who is asked', () => {
  /** Begins a run, and waits until it says for whom it waits. */
  async function asked(server: Server): Promise<{ id: string; reader: Reader; approval: string }> {
    const id = String((await start(server, 'mails', { to: 'ann' })).body.run_id);
    const reader = pollRun(server.url, id, 500);
    await expect.poll(() => attrsOf(reader, 'approval.requested'), SOON).toHaveLength(1);
    const [request] = attrsOf(reader, 'approval.requested');
    expect(request).toMatchObject({ tool: 'mail.send' });
    return { id, reader, approval: String(request?.approval) };
  }

  it('is waited for, and a yes or a no is part of the story', SLOW, async () => {
    const server = await startServer({}, { args: offer().args });
    const at = ['--root', server.root];
    const yes = await asked(server);
    expect((await viewOf(server, yes.id)).status).toBe('running');
    expect((await pypes(['approvals', 'grant', yes.approval, ...at])).status).toBe(0);
    await yes.reader.done;
    expect(await viewOf(server, yes.id)).toMatchObject({ status: 'finished', result: 'sent to ann' });
    expect(attrsOf(yes.reader, 'approval.granted')).toHaveLength(1);
    const order = seen(yes.reader).map(({ event_type: type }) => String(type));
    expect(order.filter((type) => /^(approval|log|run)/.test(type))).toEqual([
      'run.started',
      'approval.requested',
      'approval.granted',
      'log',
      'run.finished',
    ]);

    const no = await asked(server);
    expect((await pypes(['approvals', 'deny', no.approval, ...at])).status).toBe(0);
    await no.reader.done;
    expect(await viewOf(server, no.id)).toMatchObject({ status: 'failed', error: { source: 'policy' } });
    expect(attrsOf(no.reader, 'approval.denied')).toHaveLength(1);
    expect(attrsOf(no.reader, 'log')).toEqual([]);

    const never = await asked(server);
    expect((await server.post(`/v1/runs/${never.id}/cancel`, '')).status).toBe(202);
    await never.reader.done;
    expect(await viewOf(server, never.id)).toMatchObject({ status: 'canceled' });
  });

  it('is asked once, also when the service dies while it waits', SLOW, async () => {
    const { args } = offer();
    const more = [...args, '--port', String(await freePort())];
    const root = join(newFolder(), 'data');
    const first = await startServer({}, { args: more, root });
    const { id, reader, approval } = await asked(first);
    await first.stop('SIGKILL');
    const second = await startServer({}, { args: more, root });
    await expect.poll(() => JSON.stringify(seen(reader)), SOON).toContain('taken_over');
    expect((await pypes(['approvals', 'grant', approval, '--root', root])).status).toBe(0);
    await reader.done;
    expect(await viewOf(second, id)).toMatchObject({ status: 'finished', result: 'sent to ann' });
    expect(attrsOf(reader, 'approval.requested')).toHaveLength(1);
    expect(attrsOf(reader, 'approval.granted')).toHaveLength(1);
  });
});

describe('a service that is killed', () => {
  it('in the middle of a blueprint does not repeat the steps that were done', SLOW, async () => {
    const { args } = offer();
    const more = [...args, '--port', String(await freePort())];
    const root = join(newFolder(), 'data');
    const first = await startServer({}, { args: more, root });
    const id = String((await start(first, 'errands', { who: 'Ann' })).body.run_id);
    const reader = pollRun(first.url, id, 1);
    await expect.poll(() => held.length, SOON).toBe(1);
    await first.stop('SIGKILL');
    const second = await startServer({}, { args: more, root });
    // The visit that was not answered is made again: at least once.
    await expect.poll(() => held.length, SOON).toBe(2);
    for (const answer of held) answer();
    await reader.done;
    expect(await viewOf(second, id)).toMatchObject({
      status: 'finished',
      attempt: 2,
      result: 'answer to /first and answer to /held for Ann',
    });
    expect(visits).toEqual(['/first', '/held', '/held']);
    const events = seen(reader);
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
    const done = attrsOf(reader, 'tool.call.finished');
    expect(new Set(done.map(({ call }) => call)).size).toBe(done.length);
    expect(attrsOf(reader, 'run.started')).toHaveLength(1);
  });
});
