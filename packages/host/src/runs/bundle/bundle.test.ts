// The bundle: what is in it, the same bytes for the same run, and on two fresh machines in deterministic mode (spec 5).
import type { ByteRange } from '@pypes/contract/runs';
import { strFromU8, unzipSync } from 'fflate';
import { afterEach, describe, expect, test } from 'vitest';
import { createFakeDrivers } from '../../testing/fake-drivers.ts';
import type { Runs, RunsOptions } from '../index.ts';
import { createBench, createMortalStore, ended, eventsOf, refOf, runToEnd, textOf, until } from '../testing/setup.ts';

const opened: Runs[] = [];
const keep = (runs: Runs) => {
  opened.push(runs);
  return runs;
};
afterEach(async () => {
  await Promise.all(opened.splice(0).map((runs) => runs.close(0)));
});

const SNAPSHOT = { version: 1, token: 'sesame' };
const CONFIGURATION: RunsOptions['configuration'] = {
  snapshot: () => SNAPSHOT,
  hide: ({ token: _token, ...rest }) => ({ ...rest, token: '[secret]' }),
};

function setup() {
  const { capabilities } = createFakeDrivers(new Map());
  let hangs = false;
  const bench = createBench(
    {
      report: async (context, { n }) => {
        context.log('info', 'begins');
        const sum = await context.call('add', { n: n ?? 1 });
        await context.use('objects.put', { name: 'reports/ä.txt', text: `Sum ${sum}` });
        await context.use('objects.put', { name: '../up', base64: 'AAEC', content_type: 'image/png' });
        if (hangs) await new Promise(() => undefined);
        await context.call('add', { n: 5 });
        return sum;
      },
      add: (_context, { n }) => Number(n) + 1,
      fail: () => {
        throw new Error('It broke');
      },
    },
    { capabilities },
  );
  return {
    ...bench,
    hang: (does: boolean) => {
      hangs = does;
    },
  };
}

async function zipOf(runs: Runs, ref: ReturnType<typeof refOf>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of await runs.bundle(ref)) chunks.push(chunk);
  return Uint8Array.from(chunks.flatMap((chunk) => [...chunk]));
}

describe('a bundle', () => {
  test('has the run, its configuration, its events as they were stored, its calls and its files', async () => {
    const { open, store } = setup();
    const runs = keep(open({ configuration: CONFIGURATION }));
    const ref = refOf(await runToEnd(runs, 'report', { n: 2 }));
    const files = unzipSync(await zipOf(runs, ref));
    expect(Object.keys(files)).toEqual([
      'config.snapshot.json',
      'events.jsonl',
      'files/%2E%2E/up',
      'files/reports/ä.txt',
      'run.json',
      'tool_calls.json',
    ]);
    const lines = await store.read(ref, 'events', 0, 100);
    expect(strFromU8(files['events.jsonl'] as Uint8Array)).toBe(`${lines.join('\n')}\n`);
    expect(JSON.parse(strFromU8(files['config.snapshot.json'] as Uint8Array))).toEqual({
      version: 1,
      token: '[secret]',
    });
    expect([...(files['files/%2E%2E/up'] as Uint8Array)]).toEqual([0, 1, 2]);
    const run = strFromU8(files['run.json'] as Uint8Array);
    expect(JSON.parse(run)).toMatchObject({
      run_id: ref.run_id,
      status: 'finished',
      result: 3,
      config_hash: expect.stringMatching(/^sha256:/),
      paths: Object.keys(files),
    });
    const keys = [...run.matchAll(/^ {2}"(\w+)":/gm)].map(([, key]) => key);
    expect(keys).toEqual([...keys].sort());
    const calls = JSON.parse(strFromU8(files['tool_calls.json'] as Uint8Array));
    expect(calls.map(({ call, tool, output }: never) => [call, tool, output]).slice(0, 2)).toEqual([
      [1, 'add', 3],
      [2, 'context.objects.put', expect.objectContaining({ name: 'reports/ä.txt' })],
    ]);
    expect(strFromU8(await zipOf(runs, ref), true)).toBe(strFromU8(await zipOf(runs, ref), true));
  });

  test('is listed with sizes and digests, and read file by file, in parts too', async () => {
    const { open } = setup();
    const runs = keep(open());
    const ref = refOf(await runToEnd(runs, 'report'));
    for (const entry of await runs.artifacts(ref)) {
      const file = await runs.artifact(ref, entry.path);
      expect(file.entry).toEqual(entry);
      const text = await textOf(file.body);
      expect(new TextEncoder().encode(text).length).toBe(entry.bytes);
      const part = async (range: ByteRange) => textOf((await runs.artifact(ref, entry.path, range)).body);
      if (/[^\0-\x7f]/.test(text)) continue;
      expect(await part({ start: 1, end: 3 })).toBe(text.slice(1, 3));
      expect(await part({ start: 2, end: entry.bytes })).toBe(text.slice(2));
    }
    const png = (await runs.artifacts(ref)).find(({ path }) => path.endsWith('up'));
    expect(png).toMatchObject({ media_type: 'image/png', bytes: 3 });
    await expect(runs.artifact(ref, '../run.json')).rejects.toMatchObject({ code: 'not_found' });
    await expect(runs.artifact(ref, 'files/none')).rejects.toMatchObject({ code: 'not_found' });
  });

  test('of a run that failed has its error, of one that waits what there is', async () => {
    const { open } = setup();
    const runs = keep(open());
    const failed = refOf(await runToEnd(runs, 'fail'));
    expect(JSON.parse(await textOf((await runs.artifact(failed, 'run.json')).body))).toMatchObject({
      status: 'failed',
      complete: true,
      error: { type: 'internal', message: 'It broke' },
    });
    const door = keep(setup().open({ works: false }));
    const waiting = refOf(await door.create({ agent: 'report', input: {} }));
    const files = unzipSync(await zipOf(door, waiting));
    expect(JSON.parse(strFromU8(files['run.json'] as Uint8Array))).toMatchObject({ status: 'queued', complete: false });
    expect(strFromU8(files['tool_calls.json'] as Uint8Array)).toBe('[]\n');
  });

  test('says so where the configuration has changed and was not kept', async () => {
    const { open } = setup();
    const first = keep(open({ configuration: CONFIGURATION }));
    const ref = refOf(await runToEnd(first, 'report'));
    const read = async (runs: Runs) =>
      JSON.parse(await textOf((await runs.artifact(ref, 'config.snapshot.json')).body));
    const later = { ...CONFIGURATION, snapshot: () => ({ version: 2 }) };
    expect(await read(keep(open({ works: false, configuration: later })))).toMatchObject({
      digest: expect.stringMatching(/^sha256:/),
      missing: expect.any(String),
    });
    const kept = { ...later, find: async () => SNAPSHOT };
    expect(await read(keep(open({ works: false, configuration: kept })))).toEqual({ version: 1, token: '[secret]' });
  });
});

describe('in deterministic mode', () => {
  const request = { agent: 'report', input: { n: 7 }, mode: 'deterministic', metadata: { who: 'me' } };

  test('two fresh machines make the same bytes', async () => {
    const zips = [];
    for (const now of [() => 1_700_000_000_000, Date.now]) {
      const runs = keep(setup().open({ now, configuration: CONFIGURATION }));
      const ref = refOf(await runs.create(request, { traceparent: `00-${'1'.repeat(32)}-${'2'.repeat(16)}-01` }));
      await ended(runs, ref);
      zips.push(strFromU8(await zipOf(runs, ref), true));
    }
    expect(zips[0]).toBe(zips[1]);
    const other = keep(setup().open({ configuration: CONFIGURATION }));
    const ref = refOf(await other.create({ ...request, input: { n: 8 } }));
    await ended(other, ref);
    expect(strFromU8(await zipOf(other, ref), true)).not.toBe(zips[0]);
  });

  test('a run that was taken over, and one that was repeated from the record, are the same bytes too', async () => {
    const whole = keep(setup().open());
    const ref = refOf(await whole.create(request));
    await ended(whole, ref);
    const wanted = strFromU8(await zipOf(whole, ref), true);

    const again = refOf(await whole.replay(ref, { recordedCalls: true }));
    await ended(whole, again);
    // A repetition names its pack, so that it is another request: only ids that follow from it differ.
    const events = async (runs: Runs, of: typeof ref) =>
      (await textOf((await runs.artifact(of, 'events.jsonl')).body)).replaceAll(
        /run-[0-9a-f]{32}|"trace_id":"\w+"/g,
        '',
      );
    expect(await events(whole, again)).toBe(await events(whole, ref));

    const { open, store, hang } = setup();
    hang(true);
    const mortal = createMortalStore(store);
    const dying = open({ store: mortal.store, leaseMs: 50 });
    const broken = refOf(await dying.create(request));
    await until(async () => (await store.last(broken, 'calls')) === 3);
    mortal.kill();
    hang(false);
    const next = keep(open({ leaseMs: 50 }));
    await ended(next, broken);
    expect((await eventsOf(store, broken)).some(({ attrs }) => attrs.taken_over === true)).toBe(true);
    expect(strFromU8(await zipOf(next, broken), true)).toBe(wanted);
  });
});
