// The stream of events: the very bytes that polling gives, in order, and never more of them than somebody reads.
import { toEventCursor } from '@pypes/contract/runs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { setup } from '../testing/setup.ts';
import { parseSse } from '../testing/sse.ts';

const RUN = { agent: 'echo', input: {} };
const REF = { tenant: '', run_id: 'run-000001' };
const PATH = '/v1/runs/run-000001/events/stream';

async function started(options: Parameters<typeof setup>[0] = {}) {
  const world = setup(options);
  await world.fake.create(RUN, { tenant: '' });
  const open = (headers: { readonly [name: string]: string } = {}, query = '') =>
    world.fetch(new Request(`http://127.0.0.1${PATH}${query}`, { headers }));
  return { ...world, open };
}

/** Lines of the run, whatever they hold. */
async function linesOf({ fake }: Awaited<ReturnType<typeof started>>): Promise<readonly string[]> {
  const lines: string[] = [];
  for (let seq = 0; ; ) {
    const page = await fake.events(REF, { cursor: toEventCursor(REF.run_id, seq), limit: 500, waitMs: 0 });
    if (page.lines.length === 0) return lines;
    lines.push(...page.lines);
    seq = lines.length;
  }
}

describe('a stream', () => {
  test('has the stored lines as they are, their cursors as ids, and ends behind the last one', async () => {
    const world = await started();
    for (let count = 0; count < 1_500; count++) world.fake.emit(REF, 'log', { message: `n°${count}`, n: 1e21 });
    world.fake.emit(REF, 'run.finished', { ok: true });
    const response = await world.open();
    expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    const text = await response.text();
    expect(text.startsWith('retry: 1000\n\n')).toBe(true);
    const lines = await linesOf(world);
    expect(parseSse(text)).toEqual(lines.map((data, index) => ({ id: toEventCursor(REF.run_id, index + 1), data })));
    const polled = await (
      await world.fetch(new Request('http://127.0.0.1/v1/runs/run-000001/events?limit=500'))
    ).text();
    expect(polled).toBe(`{"events":[${lines.slice(0, 500).join(',')}],"next_cursor":"dw.run-000001","complete":false}`);
  });

  test('goes on behind Last-Event-ID, which goes before the cursor, and is over for whoever has read all', async () => {
    const world = await started();
    world.fake.emit(REF, 'log');
    world.fake.emit(REF, 'run.failed');
    const idsOf = async (headers: { readonly [name: string]: string }, query = '') =>
      parseSse(await (await world.open(headers, query)).text()).map(({ id }) => id);
    expect(await idsOf({ 'last-event-id': '1.run-000001' })).toEqual(['2.run-000001', '3.run-000001']);
    expect(await idsOf({}, '?cursor=2.run-000001')).toEqual(['3.run-000001']);
    expect(await idsOf({ 'last-event-id': '2.run-000001' }, '?cursor=nonsense')).toEqual(['3.run-000001']);
    expect(await idsOf({ 'last-event-id': '' }, '?cursor=2.run-000001')).toEqual(['3.run-000001']);
    const over = await world.open({ 'last-event-id': '3.run-000001' });
    expect([over.status, await over.text()]).toEqual([204, '']);
  });

  test('hands on what comes while it is open, and says that it lives where nothing comes', async () => {
    const { fake, open } = await started({ keepAliveMs: 20 });
    const reader = ((await open()).body as ReadableStream<Uint8Array<ArrayBuffer>>)
      .pipeThrough(new TextDecoderStream())
      .getReader();
    expect((await reader.read()).value).toContain('run.started');
    expect((await reader.read()).value).toBe(': keep-alive\n\n');
    fake.emit(REF, 'progress', { n: 1 });
    let text = '';
    while (!text.includes('progress')) text += (await reader.read()).value;
    fake.emit(REF, 'run.finished');
    while (!text.includes('run.finished')) text += (await reader.read()).value;
    expect(parseSse(text).map(({ id }) => id)).toEqual(['2.run-000001', '3.run-000001']);
    expect((await reader.read()).done).toBe(true);
  });

  test('lets go of the run when its reader goes away', async () => {
    const { fake, open } = await started();
    const reader = ((await open()).body as ReadableStream<Uint8Array>).getReader();
    await reader.read();
    const waiting = reader.read();
    await expect.poll(() => fake.waiting).toBe(1);
    await reader.cancel();
    await expect.poll(() => fake.waiting).toBe(0);
    expect(await waiting).toEqual({ done: true, value: undefined });
  });

  test('ends where the library fails, so that the client comes back', async () => {
    const { fake, open } = await started({ keepAliveMs: 20 });
    const response = await open();
    const reader = (response.body as ReadableStream<Uint8Array>).getReader();
    await reader.read();
    fake.failure = new Error('the store is gone');
    for (;;) if ((await reader.read()).done) break;
    expect((await open()).status).toBe(500);
  });
});

describe('a slow reader', () => {
  test('has nothing read ahead for it', async () => {
    const world = await started();
    for (let count = 0; count < 20_000; count++) world.fake.emit(REF, 'log', { message: 'x'.repeat(1_000) });
    world.fake.emit(REF, 'run.finished');
    const response = await world.open();
    const reader = (response.body as ReadableStream<Uint8Array>).getReader();
    // The first batch says whether there is a run at all. Nothing more is taken before somebody reads.
    expect(world.fake.linesRead).toBe(16);
    let events = 0;
    let most = 0;
    for (;;) {
      const before = world.fake.linesRead;
      const { done, value } = await reader.read();
      if (done) break;
      events += new TextDecoder().decode(value).split('\ndata: ').length - 1;
      expect(world.fake.linesRead - events).toBe(0);
      most = Math.max(most, world.fake.linesRead - before, value.length / 1_200);
    }
    expect(events).toBe(20_002);
    // 64 Ki characters a batch, roughly.
    expect(most).toBeLessThan(80);
  });

  test('gets small batches where events are large', async () => {
    const world = await started();
    for (let count = 0; count < 40; count++) world.fake.emit(REF, 'log', { message: 'x'.repeat(200_000) });
    world.fake.emit(REF, 'run.finished');
    const sizes: number[] = [];
    const reader = ((await world.open()).body as ReadableStream<Uint8Array>).getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      sizes.push(value.length);
    }
    expect(Math.max(...sizes.slice(1))).toBeLessThan(201_000);
  });
});

describe('what a run wrote', () => {
  const hostile = [
    '\n\nid: 9.run-000001\ndata: {}\n\n',
    '\r\nevent: x\r\n',
    '\r',
    '\u2028\u2029',
    '\u0000',
    '\ndata:',
    'retry: 1',
  ];

  test('never leaves its data field', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof(fc.constantFrom(...hostile), fc.string({ unit: 'binary' })), { maxLength: 8 }),
        async (texts) => {
          const world = await started();
          for (const text of texts) world.fake.emit(REF, 'log', { [text]: text });
          world.fake.emit(REF, 'run.finished');
          const lines = await linesOf(world);
          // What is stored is JSON text: it has no line breaks to begin with.
          for (const line of lines) expect(line).not.toMatch(/[\r\n]/);
          const messages = parseSse(await (await world.open()).text());
          expect(messages.map(({ data }) => data)).toEqual(lines);
          expect(messages.map(({ id }) => id)).toEqual(lines.map((_, index) => toEventCursor(REF.run_id, index + 1)));
        },
      ),
      { seed: 7, numRuns: 60 },
    );
  });

  test.each(hostile)('never does, even where a store had kept %j raw', async (text) => {
    const world = await started();
    world.fake.line(REF, `{"attrs":"${text}"}`);
    world.fake.emit(REF, 'run.finished');
    const body = await (await world.open()).text();
    const messages = parseSse(body);
    expect(messages.map(({ id }) => id)).toEqual(['1.run-000001', '2.run-000001', '3.run-000001']);
    expect(messages[1]?.data).toBe(`{"attrs":"${text.replace(/\r\n|\r/g, '\n')}"}`);
    expect(body.match(/^(event|retry):.*$/gm)).toEqual(['retry: 1000']);
  });
});
