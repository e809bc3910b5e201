// Disks as they are: read-only, full, damaged. The service starts or says why not, and what was accepted is there.
import { spawnSync } from 'node:child_process';
import {
  appendFileSync,
  closeSync,
  existsSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import type { JsonObject } from '@pypes/contract';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { agentFolder, COUNTING, pollRun } from './runs.fixtures.ts';
import { newFolder, type Server, startServer, stopServers } from './server.ts';
import { pypes } from './skills.fixtures.ts';

const SLOW = { timeout: 120_000 };
const SOON = { timeout: 60_000, interval: 50 };
const JSON_BODY = { 'content-type': 'application/json' };
const FULL = 'full';

const mounted: string[] = [];
const perform = (command: string, ...args: readonly string[]) => spawnSync(command, args, { stdio: 'ignore' }).status;

/** Undefined where this account may not mount anything. */
function mountSmallDisk(mebibytes: number): string | undefined {
  const folder = newFolder();
  if (perform('mount', '-t', 'tmpfs', '-o', `size=${mebibytes}m`, 'tmpfs', folder) !== 0) return undefined;
  mounted.push(folder);
  return folder;
}

const disk = mountSmallDisk(16);
const why = disk === undefined ? 'needs leave to mount a small disk' : 'on a small disk';

afterEach(stopServers);
afterAll(() => {
  for (const folder of mounted) perform('umount', '-l', folder);
});

const start = (server: Server, agent: string, input: JsonObject = {}) =>
  server.post('/v1/runs', { agent, input }, JSON_BODY);

async function finish(server: Server, agent: string, input: JsonObject = {}): Promise<string> {
  const { status, body } = await start(server, agent, input);
  expect([status, body.error]).toEqual([202, undefined]);
  const id = String(body.run_id);
  await pollRun(server.url, id, 500).done;
  return id;
}

const viewOf = async (server: Server, id: string) => (await server.get(`/v1/runs/${id}`)).body;

/** Writes until nothing more goes in. */
function fill(folder: string): void {
  const file = openSync(join(folder, FULL), 'a');
  for (const size of [65_536, 4_096, 1]) {
    const bytes = Buffer.alloc(size);
    try {
      for (;;) if (writeSync(file, bytes) < size) break;
    } catch {
      // It is full, as far as so many bytes go.
    }
  }
  closeSync(file);
}

describe.skipIf(disk === undefined)(`a disk (${why})`, () => {
  it(
    'that is full refuses what is new with 503, keeps what was accepted, and goes on when there is room',
    SLOW,
    async () => {
      const root = join(disk as string, 'data');
      const server = await startServer(COUNTING, { root });
      const before = await finish(server, 'twenty', { ms: 1 });
      const under = String((await start(server, 'twenty', { ms: 300 })).body.run_id);
      const reader = pollRun(server.url, under, 500);
      await expect.poll(() => reader.lines.length, SOON).toBeGreaterThan(2);
      fill(disk as string);
      // A block that was begun may still have room for some.
      const squeezed: string[] = [];
      let refused = await start(server, 'twenty', { ms: 1 });
      for (; refused.status === 202 && squeezed.length < 100; refused = await start(server, 'twenty', { ms: 1 })) {
        squeezed.push(String(refused.body.run_id));
      }
      expect([refused.status, refused.body.error]).toEqual([
        503,
        expect.objectContaining({ type: 'unavailable', retryable: true }),
      ]);
      // What is there can be read.
      expect(await viewOf(server, before)).toMatchObject({ status: 'finished', result: 'done' });
      expect((await server.get('/v1/runs?limit=500')).body.runs).toHaveLength(2 + squeezed.length);
      // A while in which the run that is under way cannot say anything.
      await new Promise((later) => setTimeout(later, 1_500));
      rmSync(join(disk as string, FULL));
      const after = await finish(server, 'twenty', { ms: 1 });
      await reader.done;
      const seen = reader.lines.map((line) => JSON.parse(line) as JsonObject);
      expect(seen.map(({ seq }) => seq)).toEqual(seen.map((_, index) => index + 1));
      expect(seen.at(-1)?.event_type).toBe('run.finished');
      expect(seen.filter(({ event_type: type }) => type === 'log')).toHaveLength(9);
      await server.stop();
      const again = await startServer({}, { root, folder: server.folder });
      for (const id of [before, under, ...squeezed, after]) {
        await pollRun(again.url, id, 500).done;
        expect(await viewOf(again, id)).toMatchObject({ status: 'finished', result: 'done' });
      }
    },
  );

  it('that is read-only lets nobody begin, who says why, and lets everybody look', SLOW, async () => {
    const root = join(disk as string, 'other');
    const server = await startServer(COUNTING, { root });
    const id = await finish(server, 'twenty', { ms: 1 });
    await server.stop();
    expect(perform('mount', '-o', 'remount,ro', disk as string)).toBe(0);
    try {
      const at = ['--root', root];
      const [served, ran, listed, shown] = await Promise.all([
        pypes(['serve', server.folder, '--port', '0', ...at]),
        pypes(['run', 'twenty', '--folder', server.folder, '--input', '{"ms":1}', ...at]),
        pypes(['runs', 'list', ...at]),
        pypes(['runs', 'show', id, ...at]),
      ]);
      expect([served.status, ran.status]).toEqual([2, 2]);
      for (const { err } of [served, ran]) expect(err).toMatch(/read-only file system/);
      expect([listed.status, shown.status]).toEqual([0, 0]);
      expect(listed.out).toContain(id);
    } finally {
      expect(perform('mount', '-o', 'remount,rw', disk as string)).toBe(0);
    }
    const again = await startServer({}, { root, folder: server.folder });
    expect(await viewOf(again, id)).toMatchObject({ status: 'finished' });
    expect((await start(again, 'twenty', { ms: 1 })).status).toBe(202);
  });
});

describe('files that were damaged while nobody looked', () => {
  const folder = agentFolder(COUNTING);

  /** A root with three finished runs and one that was killed. */
  async function newRoot(): Promise<{
    readonly root: string;
    readonly ids: readonly string[];
    readonly journal: string;
  }> {
    const root = join(newFolder(), 'data');
    const server = await startServer({}, { root, folder });
    const ids = [];
    for (let n = 0; n < 3; n++) ids.push(await finish(server, 'twenty', { ms: 1 }));
    const body = (await start(server, 'twenty', { ms: 100 })).body;
    const id = String(body.run_id);
    await expect
      .poll(async () => ((await server.get(`/v1/runs/${id}/events`)).body.events as JsonObject[]).length, SOON)
      .toBeGreaterThan(2);
    await server.stop('SIGKILL');
    return { root, ids: [...ids, id], journal: join(root, 'runs', 'journals', 'main') };
  }

  async function expectAll(root: string, ids: readonly string[]): Promise<Server> {
    const server = await startServer({}, { root, folder });
    for (const id of ids) {
      const reader = pollRun(server.url, id, 500);
      await reader.done;
      const seen = reader.lines.map((line) => JSON.parse(line) as JsonObject);
      expect(seen.map(({ seq }) => seq)).toEqual(seen.map((_, index) => index + 1));
      expect(await viewOf(server, id)).toMatchObject({ status: 'finished', result: 'done' });
    }
    expect((await server.get('/v1/runs')).body.runs).toHaveLength(ids.length);
    await finish(server, 'twenty', { ms: 1 });
    return server;
  }

  const segmentOf = (journal: string) => {
    const [segment = ''] = readdirSync(journal)
      .filter((name) => /^\d+\./.test(name))
      .sort();
    expect(existsSync(join(journal, segment))).toBe(true);
    return join(journal, segment);
  };

  it.each([
    ['overwritten', (path: string) => writeFileSync(path, Buffer.alloc(statSync(path).size, 0x5a))],
    ['gone', (path: string) => rmSync(path)],
  ])('an index that is %s is made anew', SLOW, async (_, damage) => {
    const { root, ids, journal } = await newRoot();
    const index = join(journal, 'index.sqlite');
    expect(existsSync(index)).toBe(true);
    damage(index);
    await expectAll(root, ids);
  });

  it('a last line that is torn is repaired', SLOW, async () => {
    const { root, ids, journal } = await newRoot();
    const segment = segmentOf(journal);
    const bytes = readFileSync(segment);
    // As a machine leaves it that lost its power in the middle of a write.
    appendFileSync(segment, bytes.subarray(0, 50));
    await expectAll(root, ids);
  });

  it(
    'a byte that has changed in the middle is found when the index is made anew, and costs nobody anything else',
    SLOW,
    async () => {
      const { root, ids, journal } = await newRoot();
      const segment = segmentOf(journal);
      const bytes = readFileSync(segment);
      // Somewhere in an event of the second run.
      const at = bytes.indexOf('"line 5"', bytes.indexOf(ids[1] as string));
      expect(at).toBeGreaterThan(0);
      const file = openSync(segment, 'r+');
      writeSync(file, Buffer.from('X'), 0, 1, at + 3);
      closeSync(file);
      rmSync(join(journal, 'index.sqlite'));
      const server = await startServer({}, { root, folder });
      for (const id of [ids[0], ids[2]]) expect(await viewOf(server, String(id))).toMatchObject({ result: 'done' });
      const reader = pollRun(server.url, String(ids[1]), 500);
      await reader.done;
      const seen = reader.lines.map((line) => JSON.parse(line) as JsonObject);
      expect(seen.map(({ seq }) => seq)).toEqual(seen.map((_, index) => index + 1));
      expect(reader.lines.join()).not.toContain('liXe 5');
      await pollRun(server.url, String(ids[3]), 500).done;
      expect(await viewOf(server, String(ids[3]))).toMatchObject({ status: 'finished' });
      expect(JSON.stringify(server.logs)).toMatch(/damaged|lost/);
    },
  );
});
