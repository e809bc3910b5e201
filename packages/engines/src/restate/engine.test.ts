import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunEngine } from '@pypes/contract/runs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type RestateCluster, startRestate, whyNoRestate } from '../testing/restate-server.ts';
import { until } from '../testing/until.ts';
import { type Note, startWorkers, type Workers } from '../testing/workers.ts';
import { createRestateEngine } from './index.ts';

const FIXTURE = join(import.meta.dirname, 'worker.fixture.ts');
const ref = (run_id: string) => ({ tenant: 't', run_id });
const missing = whyNoRestate();

describe.skipIf(missing !== undefined)(`one node of Restate${missing === undefined ? '' : `: ${missing}`}`, () => {
  let cluster: RestateCluster;
  let engine: RunEngine;
  let workers: Workers | undefined;
  const connection = () => ({ ingressUrl: cluster.ingressUrls, adminUrl: cluster.adminUrl });

  beforeAll(async () => {
    // Shorter than some runs here: what the service asks for has to win.
    cluster = await startRestate(1, { invoker: 'inactivity-timeout = "500ms"\nabort-timeout = "500ms"' });
    engine = createRestateEngine(connection());
  });
  afterAll(() => rm(join(tmpdir(), `pypes-die-50-${process.pid}`), { force: true }));
  afterAll(async () => {
    await workers?.stop();
    await cluster?.stop();
  });

  /** New workers for a test: the ones of the test before are killed. */
  async function start(count: number, worker: { readonly [name: string]: unknown } = {}): Promise<Workers> {
    await workers?.stop();
    workers = await startWorkers(FIXTURE, count, connection(), worker);
    return workers;
  }
  const of = async (run_id: string): Promise<readonly Note[]> =>
    (await workers!.notes()).filter((note) => note.run_id === run_id);
  const whats = async (run_id: string) => (await of(run_id)).map((note) => note.what);
  const processOf = (note: Note) => workers!.processes.find((process) => process.pid === note.pid)!;

  test('a run that is handed on is executed once', async () => {
    await start(2);
    await engine.submit(ref('once-5'));
    await until(
      () => whats('once-5'),
      (notes) => notes.includes('end'),
    );
    await engine.submit(ref('later-300'));
    await until(
      () => whats('later-300'),
      (notes) => notes.includes('end'),
    );
    expect(await whats('once-5')).toEqual(['begin', 'end']);
  });

  test('a run that is handed on twice is executed once at a time', async () => {
    await Promise.all([engine.submit(ref('twice-800')), engine.submit(ref('twice-800'))]);
    await until(
      () => whats('twice-800'),
      (notes) => notes.includes('begin'),
    );
    await engine.submit(ref('twice-800'));
    await until(
      () => whats('twice-800'),
      (notes) => notes.includes('end'),
    );
    await engine.submit(ref('after-300'));
    await until(
      () => whats('after-300'),
      (notes) => notes.includes('end'),
    );
    expect(await whats('twice-800')).toEqual(['begin', 'end']);
  });

  test('runs of two tenants with one id are two runs', async () => {
    await Promise.all([engine.submit(ref('same-50')), engine.submit({ tenant: '', run_id: 'same-50' })]);
    await until(
      () => whats('same-50'),
      (notes) => notes.filter((what) => what === 'end').length === 2,
    );
  });

  test('a run that is rejected is executed again', async () => {
    await engine.submit(ref('fail-1'));
    await until(
      () => whats('fail-1'),
      (notes) => notes.includes('end'),
    );
    expect(await whats('fail-1')).toEqual(['begin', 'begin', 'end']);
  });

  test("a run is not stopped by the server's own limits on silence", async () => {
    await engine.submit(ref('silent-3000'));
    await until(
      () => whats('silent-3000'),
      (notes) => notes.includes('end'),
    );
    expect(await whats('silent-3000')).toEqual(['begin', 'end']);
  });

  test('a cancel stops a run within half a second', async () => {
    const took: number[] = [];
    // The machine may be busy with something else once.
    for (let round = 0; round < 3 && !took.some((ms) => ms < 500); round += 1) {
      const id = `long-${round}-60000`;
      await engine.submit(ref(id));
      await until(
        () => whats(id),
        (notes) => notes.includes('begin'),
      );
      const asked = Date.now();
      await engine.cancel(ref(id));
      const notes = await until(
        () => of(id),
        (all) => all.some((note) => note.what === 'end'),
      );
      expect(notes.map((note) => note.what)).toEqual(['begin', 'canceled', 'end']);
      took.push(notes[1]!.at - asked);
    }
    expect(Math.min(...took)).toBeLessThan(500);
  });

  test('a cancel of a run that has ended, or never was, harms nothing', async () => {
    await engine.cancel(ref('once-5'));
    await engine.cancel(ref('never-60000'));
    await until(
      () => whats('never-60000'),
      (notes) => notes.includes('end'),
    );
    expect(await whats('never-60000')).toEqual(['begin', 'canceled', 'end']);
  });

  test('a worker that is killed has its run executed by another one within five seconds', async () => {
    await engine.submit(ref('taken-4000'));
    const [first] = await until(
      () => of('taken-4000'),
      (notes) => notes.length === 1,
    );
    processOf(first!).kill('SIGKILL');
    const died = Date.now();
    const notes = await until(
      () => of('taken-4000'),
      (all) => all.length >= 2,
    );
    expect(notes[1]!.what).toBe('begin');
    expect(notes[1]!.pid).not.toBe(first!.pid);
    expect(notes[1]!.at - died).toBeLessThan(5000);
    await until(
      () => whats('taken-4000'),
      (all) => all.includes('end'),
    );
  });

  test('a run whose worker dies after its end, before the answer, is executed again: at least once', async () => {
    await start(2);
    await engine.submit(ref('die-50'));
    const notes = await until(
      () => of('die-50'),
      (all) => all.length >= 4,
    );
    expect(notes.map((note) => note.what)).toEqual(['begin', 'end', 'begin', 'end']);
    expect(notes[0]!.pid).not.toBe(notes[2]!.pid);
  });

  test('a run that is canceled while no worker lives ends as soon as there is one', async () => {
    const before = await start(1);
    await engine.submit(ref('orphan-60000'));
    await until(
      () => of('orphan-60000'),
      (all) => all.length === 1,
    );
    before.processes[0]!.kill('SIGKILL');
    await engine.cancel(ref('orphan-60000'));
    await start(1);
    await until(
      () => whats('orphan-60000'),
      (notes) => notes.includes('end'),
    );
    expect(await whats('orphan-60000')).toEqual(['begin', 'canceled', 'end']);
  });

  test('a worker that ends lets short runs end, and gives long ones to another', async () => {
    await start(2, { drainMs: 700 });
    await engine.submit(ref('short-300'));
    const [note] = await until(
      () => of('short-300'),
      (all) => all.length === 1,
    );
    // Long ones on both of them.
    const longs = Array.from({ length: 8 }, (_, index) => `drained-${index}-2500`);
    await Promise.all(longs.map((id) => engine.submit(ref(id))));
    await until(
      () => workers!.notes(),
      (all) => longs.every((id) => all.some((each) => each.run_id === id)),
    );
    const ended = new Promise((settle) => processOf(note!).once('exit', settle));
    processOf(note!).kill('SIGTERM');
    expect(await ended).toBe(0);
    const all = await until(
      () => workers!.notes(),
      (notes) => longs.every((id) => notes.some((each) => each.run_id === id && each.what === 'end')),
    );
    expect(await whats('short-300')).toEqual(['begin', 'end']);
    const back = all.filter((each) => each.what === 'unavailable');
    expect(back.every((each) => each.pid === note!.pid)).toBe(true);
    for (const { run_id } of back) expect(await whats(run_id)).toEqual(['begin', 'unavailable', 'begin', 'end']);
  });

  test('no run waits behind another one where there are places', async () => {
    await start(2, { concurrency: 100 });
    const ids = Array.from({ length: 60 }, (_, index) => `wide-${index}-60000`);
    await Promise.all(ids.map((id) => engine.submit(ref(id))));
    const notes = await until(
      () => workers!.notes(),
      (all) => all.length >= ids.length,
    );
    const [first] = workers!.processes;
    const here = notes.filter((note) => note.pid === first!.pid).length;
    expect([Math.min(here, 60 - here) > 20, notes.every((note) => note.what === 'begin')]).toEqual([true, true]);
    await Promise.all(ids.map((id) => engine.cancel(ref(id))));
    await until(
      () => workers!.notes(),
      (all) => all.filter((note) => note.what === 'end').length >= ids.length,
    );
  });

  /** As the engine's callers do: what was not answered is asked again, for the same run. */
  async function submitAgain(id: string, tries = 5): Promise<void> {
    try {
      await engine.submit(ref(id));
    } catch (error) {
      if (tries === 0 || (error as { readonly code?: string }).code !== 'unavailable') throw error;
      await submitAgain(id, tries - 1);
    }
  }

  test('500 runs that come at once are all executed, by both workers', async () => {
    await start(2);
    const ids = Array.from({ length: 500 }, (_, index) => `many-${index}-1`);
    await Promise.all(ids.map((id) => submitAgain(id)));
    const notes = await until(
      () => workers!.notes(),
      (all) => all.filter((note) => note.what === 'end').length >= ids.length,
    );
    const ends = notes.filter((note) => note.what === 'end');
    expect(new Set(ends.map((note) => note.run_id)).size).toBe(500);
    expect(new Set(ends.map((note) => note.pid)).size).toBe(2);
  });

  test('a worker with more than it has places for leaves runs to the other one', async () => {
    await start(2, { concurrency: 2, patienceMs: 100 });
    const ids = Array.from({ length: 4 }, (_, index) => `spread-${index}-3000`);
    await Promise.all(ids.map((id) => engine.submit(ref(id))));
    const notes = await until(
      () => workers!.notes(),
      (all) => all.filter((note) => note.what === 'begin').length >= 4,
    );
    const begins = notes.filter((note) => note.what === 'begin').map((note) => note.pid);
    const most = Math.max(...begins.map((pid) => begins.filter((each) => each === pid).length));
    expect([begins.length, most]).toEqual([4, 2]);
  });

  test('an engine works once, and not after it was closed', async () => {
    const worker = createRestateEngine({ ...connection(), service: 'other', worker: { port: 0 } });
    const executed: string[] = [];
    await worker.work(async ({ run_id }) => void executed.push(run_id));
    await expect(worker.work(async () => undefined)).rejects.toMatchObject({ code: 'conflict' });
    await worker.submit(ref('in-process'));
    await expect.poll(() => executed).toEqual(['in-process']);
    await worker.close();
    await expect(worker.work(async () => undefined)).rejects.toMatchObject({ code: 'conflict' });
  });

  test('workers that Restate cannot reach are an error, not a silence', async () => {
    const worker = createRestateEngine({
      ...connection(),
      service: 'unreachable',
      worker: { port: 0, url: 'http://127.0.0.1:9', registerMs: 300 },
    });
    await expect(worker.work(async () => undefined)).rejects.toMatchObject({ code: 'unavailable' });
    await worker.close();
  });
});

describe.skipIf(missing !== undefined)('Restate with several runs over a connection', () => {
  let cluster: RestateCluster;
  beforeAll(async () => {
    cluster = await startRestate(1, { streamsPerConnection: 100 });
  });
  afterAll(() => cluster?.stop());

  test('executes all of them, and the operator is told', async () => {
    const said: string[] = [];
    let begun = 0;
    const engine = createRestateEngine({
      ingressUrl: cluster.ingressUrls,
      adminUrl: cluster.adminUrl,
      worker: { port: 0, concurrency: 100, drainMs: 0 },
      log: (level, message) => void (level === 'warn' && said.push(message)),
    });
    const { promise: end, resolve } = Promise.withResolvers<void>();
    await engine.work(() => {
      begun += 1;
      return end;
    });
    await Promise.all(Array.from({ length: 60 }, (_, index) => engine.submit(ref(`shared-${index}`))));
    await expect.poll(() => begun, { timeout: 20_000 }).toBe(60);
    resolve();
    expect(said.filter((message) => message.includes('http2-streams-per-connection-limit'))).toHaveLength(1);
    await engine.close();
  });
});

describe.skipIf(missing !== undefined)('requests that Restate signs', () => {
  let folder: string;
  let cluster: RestateCluster;
  const key = generateKeyPairSync('ed25519');

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pypes-keys-'));
    const file = join(folder, 'key.pem');
    await writeFile(file, key.privateKey.export({ format: 'pem', type: 'pkcs8' }));
    cluster = await startRestate(1, { invoker: `request-identity-private-key-pem-file = "${file}"` });
  });
  afterAll(async () => {
    await cluster?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const engineWith = (identityKey: string, registerMs: number) =>
    createRestateEngine({
      ingressUrl: cluster.ingressUrls,
      adminUrl: cluster.adminUrl,
      worker: { port: 0, identityKeys: [identityKey], registerMs },
    });

  test('are accepted by a worker that knows the key', async () => {
    const engine = engineWith(toIdentityKey(key.publicKey.export({ format: 'jwk' }).x!), 20_000);
    const executed: string[] = [];
    await engine.work(async ({ run_id }) => void executed.push(run_id));
    await engine.submit(ref('signed'));
    await expect.poll(() => executed).toEqual(['signed']);
    await engine.close();
  });

  test('are refused by one that knows another', async () => {
    const other = generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' }).x!;
    const engine = engineWith(toIdentityKey(other), 300);
    await expect(engine.work(async () => undefined)).rejects.toMatchObject({ code: 'unavailable' });
    await engine.close();
  });
});

/** As Restate prints it when it starts: 32 bytes in base 58. */
function toIdentityKey(x: string): string {
  const DIGITS = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';
  const bytes = Buffer.from(x, 'base64url');
  let number = BigInt(`0x${bytes.toString('hex')}`);
  let text = '';
  for (; number > 0n; number /= 58n) text = DIGITS[Number(number % 58n)] + text;
  return `publickeyv1_${'1'.repeat(bytes.findIndex((byte) => byte !== 0))}${text}`;
}
