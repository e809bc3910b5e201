// Bundles of whoever sends them: many large ones, slow ones, and ones that do not say how long they are, take no memory.
import { expect, it } from 'vitest';
import { createBundleReader } from './bundle-reader.ts';

/** A request whose body comes as the test wants it. */
function open(headers: { readonly [name: string]: string } = {}) {
  let send: (text: string) => void = () => undefined;
  let end: () => void = () => undefined;
  let canceled = false;
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      send = (text) => controller.enqueue(new TextEncoder().encode(text));
      end = () => controller.close();
    },
    cancel() {
      canceled = true;
    },
  });
  const request = new Request('https://edge.example/', {
    method: 'POST',
    headers,
    body,
    duplex: 'half',
  } as RequestInit);
  return { request, send, end, isCanceled: () => canceled };
}

const whole = (text: string) => new Request('https://edge.example/', { method: 'POST', body: text });
const refusal = (code: string) => expect.objectContaining({ code });
const turn = () => new Promise((done) => setImmediate(done));

it('reads a bundle, whose pieces may cut a letter in two', async () => {
  const reader = createBundleReader({ mostBytes: 100 });
  const { request, end } = open();
  const bytes = new TextEncoder().encode('{"name":"ü"}');
  const parts = new Request(request, {
    body: new ReadableStream({
      start(controller) {
        for (const byte of bytes) controller.enqueue(Uint8Array.of(byte));
        controller.close();
      },
    }),
    duplex: 'half',
  } as RequestInit);
  end();
  expect(await reader.read(parts, async (bundle) => bundle)).toEqual({ name: 'ü' });
  expect(await reader.read(whole(''), async (bundle) => bundle)).toEqual({});
});

it('refuses one that is too long, said or not, before all of it is there', async () => {
  const reader = createBundleReader({ mostBytes: 100 });
  const said = open({ 'content-length': '101' });
  await expect(reader.read(said.request, async () => 'read')).rejects.toEqual(refusal('too_large'));
  const unsaid = open();
  const reading = reader.read(unsaid.request, async () => 'read');
  unsaid.send('x'.repeat(101));
  await expect(reading).rejects.toEqual(refusal('too_large'));
  expect(unsaid.isCanceled()).toBe(true);
});

it('holds no more than so much of all of them, until they are done with', async () => {
  const reader = createBundleReader({ mostBytes: 100, mostBytesAtOnce: 150 });
  const large = `{"x":"${'x'.repeat(80)}"}`;
  let release: () => void = () => undefined;
  const working = new Promise<void>((done) => {
    release = done;
  });
  const first = reader.read(whole(large), () => working);
  await turn();
  await turn();
  await expect(reader.read(whole(large), async () => 'read')).rejects.toEqual(refusal('rate_limited'));
  // Small ones go through, and so does the next large one afterwards.
  expect(await reader.read(whole('{}'), async () => 'read')).toBe('read');
  release();
  await first;
  for (let n = 0; n < 5; n++) expect(await reader.read(whole(large), async () => 'read')).toBe('read');
});

it('gives back what a bundle took that failed, whatever failed', async () => {
  const reader = createBundleReader({ mostBytes: 100, mostBytesAtOnce: 100 });
  for (let n = 0; n < 5; n++) {
    await expect(reader.read(whole('x'.repeat(90)), async () => 'read')).rejects.toEqual(refusal('invalid_json'));
    const failing = reader.read(whole(`{"x":"${'x'.repeat(80)}"}`), async () => Promise.reject(new Error('no')));
    await expect(failing).rejects.toThrow('no');
  }
  expect(await reader.read(whole(`{"x":"${'x'.repeat(80)}"}`), async () => 'read')).toBe('read');
});

it('one that never ends gives its place back', async () => {
  const reader = createBundleReader({ mostBytes: 100, mostBytesAtOnce: 100, mostMs: 20 });
  const slow = open();
  slow.send(`{"x":"${'x'.repeat(80)}`);
  await expect(reader.read(slow.request, async () => 'read')).rejects.toEqual(refusal('timeout'));
  expect(slow.isCanceled()).toBe(true);
  expect(await reader.read(whole(`{"x":"${'x'.repeat(80)}"}`), async () => 'read')).toBe('read');
});
