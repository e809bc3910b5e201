// pypes run and pypes runs as somebody types them: on this machine and at a service, the same commands, the same answers.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { JsonObject } from '@pypes/contract';
import { strFromU8, unzipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { agentFolder, begin, COUNTING, stopCommands } from './runs.fixtures.ts';
import { newFolder, startServer, stopServers } from './server.ts';
import { json, pypes, type Ran } from './skills.fixtures.ts';

const ANN = '0a1b2c3d-0000-4000-8000-00000000000a';
const BEN = '0a1b2c3d-0000-4000-8000-00000000000b';
const SLOW = { timeout: 120_000 };

afterAll(async () => {
  stopCommands();
  await stopServers();
});

const linesOf = (text: string): string[] => text.split('\n').filter((line) => line !== '');
const countIn = (file: string): number => (existsSync(file) ? linesOf(readFileSync(file, 'utf8')).length : 0);

describe.each(['on this machine', 'at a service'])('%s', (where) => {
  const folder = agentFolder(COUNTING);
  const root = join(newFolder(), 'data');
  let at: readonly string[] = ['--root', root];
  let agents: readonly string[] = [...at, '--folder', folder];
  const run = (name: string, input: JsonObject, ...more: readonly string[]) =>
    pypes(['run', name, '--input', JSON.stringify(input), ...agents, ...more]);
  const runs = (...args: readonly string[]) => pypes(['runs', ...args, ...at]);
  const eventsOf = async (id: string) => (await runs('artifact', id, 'events.jsonl')).out;
  const idOf = (ran: Ran) => String(json(ran).run);

  beforeAll(async () => {
    if (where === 'on this machine') return;
    const { url } = await startServer({}, { folder, root });
    at = ['--url', url];
    agents = at;
  });

  it('an agent is run: the output alone, or with its run, or with all events as they are stored', SLOW, async () => {
    const file = join(newFolder(), 'told');
    const [plain, asJson, followed] = await Promise.all([
      run('tells', { file }),
      run('tells', { file }, '--json'),
      run('tells', { file }, '--json', '--follow'),
    ]);
    expect([plain.status, JSON.parse(plain.out)]).toEqual([0, { text: 'hello', length: 5 }]);
    expect(plain.err).toContain('telling');
    expect({ ...asJson, out: json(asJson) }).toEqual({
      ...{ status: 0, err: '' },
      out: { status: 'ok', run: expect.any(String), output: { text: 'hello', length: 5 } },
    });
    const lines = linesOf(followed.out);
    const { run: id, output } = JSON.parse(lines.pop() ?? '') as JsonObject;
    expect(output).toEqual({ text: 'hello', length: 5 });
    expect(`${lines.join('\n')}\n`).toBe(await eventsOf(String(id)));
    expect(lines.map((line) => (JSON.parse(line) as JsonObject).event_type)).toEqual([
      'run.started',
      'log',
      'tool.call.started',
      'tool.call.finished',
      'run.finished',
    ]);
    expect(countIn(file)).toBe(3);
  });

  it('what fails says why, with 2 for what the caller did and 3 for what broke', SLOW, async () => {
    const [refused, broken, unknown, brokenJson] = await Promise.all([
      run('tells', {}),
      run('fails', {}),
      run('nobody', {}),
      run('fails', {}, '--json'),
    ]);
    expect([refused.status, broken.status, unknown.status, brokenJson.status]).toEqual([2, 3, 2, 3]);
    expect([refused.out, broken.out, unknown.out]).toEqual(['', '', '']);
    expect(broken.err).toContain('It broke');
    expect(json(brokenJson)).toMatchObject({ status: 'error', run: expect.any(String) });
    const shown = json(await runs('show', idOf(brokenJson), '--json'));
    expect(shown.run).toMatchObject({ status: 'failed', error: { message: expect.stringContaining('It broke') } });
  });

  it('the same key is the same run, with another request it is refused', SLOW, async () => {
    const file = join(newFolder(), 'told');
    const first = await run('tells', { file }, '--json', '--idempotency-key', 'once');
    const [second, other] = await Promise.all([
      run('tells', { file }, '--json', '--idempotency-key', 'once'),
      run('tells', { file, text: 'else' }, '--json', '--idempotency-key', 'once'),
    ]);
    expect(json(second)).toEqual(json(first));
    expect(json(other)).toMatchObject({ status: 'error', code: 'conflict', run_id: idOf(first) });
    expect(countIn(file)).toBe(1);
  });

  it('each user has a memory, which is kept from run to run', SLOW, async () => {
    const counts = [];
    for (const user of [ANN, ANN, BEN]) counts.push(json(await run('keeps', {}, '--json', '--user', user)).output);
    expect(counts).toEqual([1, 2, 1]);
  });

  it('lists by status and agent, the newest first', SLOW, async () => {
    const made = [];
    for (let n = 0; n < 2; n++) made.push(idOf(await run('keeps', {}, '--json', '--user', BEN)));
    const broken = idOf(await run('fails', {}, '--json'));
    const ids = async (...more: readonly string[]) =>
      (json(await runs('list', '--json', ...more)).runs as JsonObject[]).map(({ run_id: id }) => id);
    const [newest, two, failed, none, text] = await Promise.all([
      ids('--limit', '1'),
      ids('--agent', 'keeps', '--limit', '2'),
      ids('--status', 'failed', '--agent', 'fails', '--limit', '1'),
      ids('--status', 'queued'),
      runs('list', '--limit', '1'),
    ]);
    expect([newest, two, failed, none]).toEqual([[broken], [made[1], made[0]], [broken], []]);
    expect(text.out).toContain(broken);
    expect(text.out).toContain('It broke');
    expect(text.out).toContain('There are more');
  });

  it('hands out what a run left: the index, one file, all of it', SLOW, async () => {
    const id = idOf(await run('keeps', {}, '--json', '--user', '0a1b2c3d-0000-4000-8000-00000000000c'));
    const cwd = newFolder();
    const out = join(cwd, 'own.zip');
    const artifact = (...more: readonly string[]) => pypes(['runs', 'artifact', id, ...more, ...at], { cwd });
    const [listed, named, zipped, own, file, lost, nowhere] = await Promise.all([
      artifact('--list', '--json'),
      artifact('--list'),
      artifact(),
      artifact('--out', out, '--json'),
      artifact('files/report.txt'),
      artifact('files/nothing.txt'),
      artifact('run.json', '--out', join(cwd, 'no', 'folder')),
    ]);
    const paths = (json(listed).files as JsonObject[]).map(({ path }) => path);
    expect(paths).toEqual(['config.snapshot.json', 'events.jsonl', 'files/report.txt', 'run.json', 'tool_calls.json']);
    expect(named.out).toContain('files/report.txt');
    expect([zipped.status, json(own)]).toEqual([0, { status: 'ok', file: out }]);
    expect(file.out).toBe('It is 1');
    expect([lost.status, nowhere.status]).toEqual([2, 2]);
    expect(readdirSync(cwd).toSorted()).toEqual([`${id}.zip`, 'own.zip'].toSorted());
    const bytes = readFileSync(out);
    expect(readFileSync(join(cwd, `${id}.zip`)).equals(bytes)).toBe(true);
    const files = unzipSync(bytes);
    expect(Object.keys(files)).toEqual(paths);
    // The configuration is there whoever asks, and is the one that the run names.
    const snapshot = JSON.parse(strFromU8(files['config.snapshot.json'] as Uint8Array));
    expect(snapshot).toMatchObject({ pypes: expect.any(String), limits: { call_ms: expect.any(Number) } });
  });

  it('repeats a run: with another input, and with what others answered from the record', SLOW, async () => {
    const file = join(newFolder(), 'told');
    const id = idOf(await run('tells', { file }, '--json'));
    const replay = (...more: readonly string[]) =>
      pypes(['runs', 'replay', id, '--json', ...more, ...(where === 'on this machine' ? agents : at)]);
    const again = await replay();
    expect([json(again).output, countIn(file)]).toEqual([{ text: 'hello', length: 5 }, 2]);
    const recorded = await replay('--recorded');
    expect([json(recorded).output, countIn(file)]).toEqual([{ text: 'hello', length: 5 }, 2]);
    const other = await replay('--recorded', '--input', JSON.stringify({ file, text: 'other words' }));
    // What it asks for now was never answered before.
    expect([json(other).output, countIn(file)]).toEqual([{ text: 'other words', length: 11 }, 3]);
    const calls = JSON.parse((await runs('artifact', idOf(recorded), 'tool_calls.json')).out) as JsonObject[];
    expect(calls).toMatchObject([{ tool: 'counts', output: 5, recorded: true }]);
    expect((await replay('--input', '[]')).status).toBe(2);
  });

  it('says of runs that are not there that they are not, and makes nothing of them', SLOW, async () => {
    const asked = [
      ['show', '01a1ff42-fa0f-7000-9363-45c301ebf3ca'],
      ['show', 'a b'],
      ['cancel', '..'],
      ['cancel', 'x'.repeat(300)],
      ['artifact', '../../etc'],
      ['replay', 'nothing'],
    ] as const;
    const cwd = newFolder();
    const answers = await Promise.all(
      asked.map(async ([command, id]) => {
        const place = command === 'replay' && where === 'on this machine' ? agents : at;
        const { status, out } = await pypes(['runs', command, id, '--json', ...place], { cwd });
        return [command, id, status, (JSON.parse(out) as JsonObject).status];
      }),
    );
    expect(answers.filter(([, , status, said]) => status !== 2 || said !== 'error')).toEqual([]);
    expect(readdirSync(cwd)).toEqual([]);
  });

  it('refuses options that make no sense', SLOW, async () => {
    const wrong = [
      ['runs', 'list', '--limit', '0'],
      ['runs', 'list', '--limit', '501'],
      ['runs', 'list', '--limit', '-1'],
      ['runs', 'list', '--limit', 'abc'],
      ['runs', 'list', '--status', 'done'],
      ['runs', 'list', '--nothing'],
      ['runs', 'nothing'],
      ['run', 'tells', '--input', '[1]'],
      ['run', 'tells', '--input', '{'],
      ['run', 'tells', '--user', 'ann'],
    ];
    const ended = await Promise.all(wrong.map(async (args) => [args, (await pypes([...args, ...at])).status]));
    expect(ended.filter(([, status]) => status !== 2)).toEqual([]);
  });

  it('an interrupt cancels the run, and says so', SLOW, async () => {
    for (const more of [[], ['--json']]) {
      const command = begin(['run', 'twenty', '--input', '{"ms":400}', '--follow', ...agents, ...more]);
      await expect.poll(() => command.out() + command.err(), { timeout: 60_000 }).toContain('line 1');
      command.process.kill('SIGINT');
      const { status, out, err } = await command.ended;
      expect(err).toContain('Canceling');
      expect(status).toBe(2);
      if (more.length > 0) {
        const said = JSON.parse(linesOf(out).at(-1) ?? '') as JsonObject;
        expect(said).toMatchObject({ status: 'error', code: 'canceled' });
        const { run: shown } = json(await runs('show', String(said.run), '--json'));
        expect(shown).toMatchObject({ status: 'canceled' });
      }
    }
  });
});

describe('what only one of the two can do', () => {
  it('a run is left to a service, and followed later; who only looks cancels nothing', SLOW, async () => {
    const { url } = await startServer(COUNTING);
    const detached = await pypes(['run', 'twenty', '--input', '{"ms":200}', '--url', url, '--detach']);
    const id = detached.out.trim();
    expect([detached.status, id]).toEqual([0, expect.stringMatching(/^[\w-]{36}$/)]);
    const looking = begin(['runs', 'show', id, '--follow', '--events', '--json', '--url', url]);
    await expect.poll(looking.out, { timeout: 60_000 }).toContain('line 1');
    looking.process.kill('SIGINT');
    await looking.ended;
    const { status, out } = await pypes(['runs', 'show', id, '--follow', '--events', '--json', '--url', url]);
    expect(status).toBe(0);
    const lines = linesOf(out);
    expect(JSON.parse(lines.pop() ?? '')).toMatchObject({ run: { run_id: id, status: 'finished', result: 'done' } });
    expect(lines.map((line) => (JSON.parse(line) as JsonObject).seq)).toEqual(lines.map((_, index) => index + 1));
    const asJson = await pypes(['run', 'keeps', '--url', url, '--detach', '--json']);
    expect(json(asJson)).toMatchObject({ status: 'ok', run_id: expect.any(String), events_url: expect.any(String) });
  });

  it('what needs a service says so without one, and what is no address is none', SLOW, async () => {
    const root = join(newFolder(), 'data');
    const at = ['--root', root];
    const ended = await Promise.all(
      [
        ['run', 'tells', '--detach', ...at],
        ['run', 'tells', '--tenant', 'acme', ...at],
        ['run', 'tells', '--blueprint', ...at],
        ['runs', 'list', '--tenant', 'acme', ...at],
        ['runs', 'list', '--url', 'nothing'],
        ['runs', 'list', '--url', 'file:///etc/passwd'],
      ].map(async (args) => [args, (await pypes(args)).status]),
    );
    expect(ended.filter(([, status]) => status !== 2)).toEqual([]);
    expect((await pypes(['runs', 'list', '--url', 'http://127.0.0.1:9'])).status).toBe(3);
    const looked = await Promise.all([
      pypes(['runs', 'list', ...at]),
      pypes(['runs', 'show', 'nothing', ...at]),
      pypes(['runs', 'cancel', 'nothing', ...at]),
    ]);
    expect(looked.map(({ status }) => status)).toEqual([0, 2, 2]);
    // Who only looks makes nothing.
    expect(statSync(root, { throwIfNoEntry: false })).toBeUndefined();
  });
});
