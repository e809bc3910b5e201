// Several processes with one root: each sees what the others run, cancels it, and goes on with what a dead one left.
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JsonObject } from '@pypes/contract';
import { afterEach, describe, expect, it } from 'vitest';
import { agentFolder, begin, COUNTING, freePort, pollRun, stopCommands } from './runs.fixtures.ts';
import { newFolder, type Server, startServer, stopServers } from './server.ts';
import { json, pypes } from './skills.fixtures.ts';

const SLOW = { timeout: 180_000 };
const SOON = { timeout: 60_000 };
const JSON_BODY = { 'content-type': 'application/json' };

/** Tells another agent, which counts it, waits until the test lets it go on, and tells again. */
const TWO_HALVES = `import { existsSync } from 'node:fs';
export const AGENT = { name: 'halves', parameters: { type: 'object', properties: { file: { type: 'string' } } } };
export async function run(context, { file }) {
  await context.call('counts', { file, text: 'first' });
  context.log('info', 'half');
  while (!existsSync(file + '.go')) await new Promise((done) => setTimeout(done, 20));
  await context.call('counts', { file, text: 'second' });
  return 'whole';
}
`;
/** Takes the process that runs it along. */
const POISON = `export const AGENT = { name: 'poison' };
export const run = () => new Promise(() => setTimeout(() => process.kill(process.pid, 'SIGKILL'), 300));
`;
const AGENTS = { ...COUNTING, 'halves.mjs': TWO_HALVES, 'poison.mjs': POISON };

afterEach(async () => {
  stopCommands();
  await stopServers();
});

const newRoot = () => join(newFolder(), 'data');
const newFile = () => join(newFolder(), 'told');
const goOn = (file: string) => writeFileSync(`${file}.go`, '');
const told = (file: string): string => (existsSync(file) ? readFileSync(file, 'utf8') : '');
const start = (server: Server, agent: string, input: JsonObject = {}) =>
  server.post('/v1/runs', { agent, input }, JSON_BODY).then(({ body }) => String(body.run_id));
const recordAt = async (server: Server, id: string) => (await server.get(`/v1/runs/${id}`)).body;

/** Begins `pypes run`, waits until it is in the middle, kills it, and says which run it was. */
async function killInTheMiddle(root: string, folder: string, input: JsonObject, ...more: readonly string[]) {
  const at = ['--root', root];
  const command = begin([
    ...['run', 'halves', '--folder', folder, '--input', JSON.stringify(input), '--json', '--follow'],
    ...[...at, ...more],
  ]);
  await expect.poll(command.out, SOON).toContain('half');
  command.process.kill('SIGKILL');
  await command.ended;
  const { runs } = json(await pypes(['runs', 'list', '--limit', '1', '--json', ...at]));
  const [run] = runs as [JsonObject];
  expect(run).toMatchObject({ agent: 'halves', status: 'running' });
  return String(run.run_id);
}

/** As a client sees it that reads across all of it: numbered without a gap, ended once. */
async function expectOneStory(server: Server, id: string): Promise<readonly JsonObject[]> {
  const reader = pollRun(server.url, id, 500);
  await reader.done;
  const events = reader.lines.map((line) => JSON.parse(line) as JsonObject);
  expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
  const ends = events.filter(({ event_type: type }) => /^run\.(finished|failed|canceled)$/.test(String(type)));
  expect(ends).toEqual([events.at(-1)]);
  return events;
}

describe('a service and a command with one root', () => {
  it('see the same runs, and each cancels those of the other', SLOW, async () => {
    const folder = agentFolder(AGENTS);
    const root = newRoot();
    const server = await startServer({}, { folder, root });
    const own = await start(server, 'twenty', { ms: 3_000 });
    const command = begin(['run', 'twenty', '--folder', folder, '--root', root, '--input', '{"ms":3000}', '--json']);
    const listed = async () => (await server.get('/v1/runs?status=running')).body.runs as readonly JsonObject[];
    await expect.poll(listed, SOON).toHaveLength(2);
    const other = String((await listed()).find(({ run_id: id }) => id !== own)?.run_id);
    const seen = json(await pypes(['runs', 'list', '--root', root, '--status', 'running', '--json'])).runs;
    expect((seen as JsonObject[]).map(({ run_id: id }) => id).toSorted()).toEqual([own, other].toSorted());

    const asked = Date.now();
    expect((await server.post(`/v1/runs/${other}/cancel`, '')).status).toBe(202);
    const { status, out } = await command.ended;
    expect([status, JSON.parse(out)]).toEqual([2, expect.objectContaining({ code: 'canceled', run: other })]);
    const { finished_at: end } = await recordAt(server, other);
    // It hears of it at once, not when it renews its lease.
    expect(Date.parse(String(end)) - asked).toBeLessThan(3_000);

    const canceled = json(await pypes(['runs', 'cancel', own, '--root', root, '--json']));
    expect(canceled.run).toMatchObject({ run_id: own, status: 'canceled' });
    for (const id of [own, other]) expect((await expectOneStory(server, id)).at(-1)?.event_type).toBe('run.canceled');
    // Both work on afterwards.
    const file = newFile();
    const [here, there] = await Promise.all([
      pypes(['run', 'tells', '--folder', folder, '--root', root, '--input', JSON.stringify({ file })]),
      pypes(['run', 'tells', '--url', server.url, '--input', JSON.stringify({ file })]),
    ]);
    expect([here.status, there.status]).toEqual([0, 0]);
  });

  it('the service goes on with what a killed command left, and repeats nothing that was answered', SLOW, async () => {
    const folder = agentFolder(AGENTS);
    const [root, file] = [newRoot(), newFile()];
    const server = await startServer({}, { folder, root });
    const id = await killInTheMiddle(root, folder, { file });
    goOn(file);
    const events = await expectOneStory(server, id);
    expect(events.filter(({ event_type: type }) => type === 'run.started')).toHaveLength(1);
    expect(await recordAt(server, id)).toMatchObject({ status: 'finished', result: 'whole', attempt: 2 });
    expect(told(file)).toBe('first\nsecond\n');
  });
});

describe('a command that was killed, without a service', () => {
  it('is gone on with by the next service', SLOW, async () => {
    const folder = agentFolder(AGENTS);
    const [root, file] = [newRoot(), newFile()];
    const id = await killInTheMiddle(root, folder, { file });
    goOn(file);
    const server = await startServer({}, { folder, root });
    await expectOneStory(server, id);
    expect(await recordAt(server, id)).toMatchObject({ status: 'finished', result: 'whole', attempt: 2 });
    expect(told(file)).toBe('first\nsecond\n');
  });

  it('fails with a reason where the next service does not have the agent', SLOW, async () => {
    const folder = agentFolder(AGENTS);
    const [root, file] = [newRoot(), newFile()];
    const id = await killInTheMiddle(root, folder, { file });
    rmSync(join(folder, 'halves.mjs'));
    const server = await startServer({}, { folder, root });
    await expectOneStory(server, id);
    const { status, error } = await recordAt(server, id);
    expect([status, error]).toEqual(['failed', expect.objectContaining({ type: 'unknown_agent' })]);
  });

  it('is gone on with by the same command with the same key', SLOW, async () => {
    const folder = agentFolder(AGENTS);
    const [root, file] = [newRoot(), newFile()];
    const input = { file };
    const id = await killInTheMiddle(root, folder, input, '--idempotency-key', 'once');
    goOn(file);
    const again = await pypes([
      ...['run', 'halves', '--folder', folder, '--root', root, '--input', JSON.stringify(input), '--json'],
      ...['--idempotency-key', 'once'],
    ]);
    expect(json(again)).toEqual({ status: 'ok', run: id, output: 'whole' });
    expect(told(file)).toBe('first\nsecond\n');
  });

  it('is canceled by pypes runs cancel, which waits for nobody', SLOW, async () => {
    const folder = agentFolder(AGENTS);
    const [root, file] = [newRoot(), newFile()];
    const id = await killInTheMiddle(root, folder, { file });
    const canceled = await pypes(['runs', 'cancel', id, '--root', root]);
    expect(canceled.out).toContain('canceled');
    const shown = json(await pypes(['runs', 'show', id, '--root', root, '--events', '--json']));
    expect(shown.run).toMatchObject({ status: 'canceled' });
    const server = await startServer({}, { folder, root });
    expect((await expectOneStory(server, id)).at(-1)?.event_type).toBe('run.canceled');
    expect(told(file)).toBe('first\n');
  });
});

describe('a service', () => {
  it('that a run kills each time is not killed for ever', SLOW, async () => {
    const folder = agentFolder(AGENTS);
    const [root, port] = [newRoot(), await freePort()];
    const again = () => startServer({}, { folder, root, args: ['--port', String(port)] });
    let server = await again();
    const id = await start(server, 'poison');
    const story = pollRun(server.url, id);
    let deaths = 0;
    for (; deaths < 5; deaths++) {
      const isDead = await Promise.race([
        new Promise<boolean>((dead) => server.process.once('exit', () => dead(true))),
        story.done.then(() => false),
      ]);
      if (!isDead) break;
      server = await again();
    }
    expect(deaths).toBe(3);
    expect(await recordAt(server, id)).toMatchObject({ status: 'failed', error: { type: 'resource_exhausted' } });
    await expectOneStory(server, id);
  });

  it('that is asked to end gives up what takes too long, and goes on with it when it is back', SLOW, async () => {
    const folder = agentFolder(AGENTS);
    const [root, file, port] = [newRoot(), newFile(), await freePort()];
    const again = () => startServer({}, { folder, root, args: ['--port', String(port)] });
    const first = await again();
    const quick = await start(first, 'twenty', { ms: 30 });
    const long = await start(first, 'halves', { file });
    const story = pollRun(first.url, long);
    await expect.poll(() => story.lines.join(), SOON).toContain('"half"');
    expect(await first.stop('SIGTERM')).toBe(0);
    goOn(file);
    const second = await again();
    // What could end in time has ended.
    expect(await recordAt(second, quick)).toMatchObject({ status: 'finished', attempt: 1 });
    await story.done;
    const events = story.lines.map((line) => JSON.parse(line) as JsonObject);
    expect(events.filter(({ attrs }) => (attrs as JsonObject).handed_over === true)).toHaveLength(1);
    expect(await expectOneStory(second, long)).toEqual(events);
    expect(await recordAt(second, long)).toMatchObject({ status: 'finished', result: 'whole' });
    expect(told(file)).toBe('first\nsecond\n');
  });
});
