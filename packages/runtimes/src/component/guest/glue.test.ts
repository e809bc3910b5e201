// Glue that is not what the tool wrote: even if it came this far, there is nothing in its thread to reach for.
import { Worker } from 'node:worker_threads';
import { expect, it } from 'vitest';

const GLUE = new URL('./glue.ts', import.meta.url).href;

/** Runs `expression` as the glue would, in a thread of its own; its value has to be JSON. */
function inGlue(expression: string): Promise<unknown> {
  const glue = `export const found = JSON.stringify(await (async () => (${expression}))()) ?? null;`;
  const code = `import { parentPort } from 'node:worker_threads';
    import { importGlue } from ${JSON.stringify(GLUE)};
    const { found } = await importGlue(${JSON.stringify(glue)});
    parentPort.postMessage(found);`;
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(code)}`), {
      env: {},
      execArgv: ['--disable-warning=ExperimentalWarning'],
    });
    worker.on('message', (text: string | null) => resolve(text === null ? undefined : JSON.parse(text)));
    worker.on('error', reject);
  });
}

it('runs what it is given', async () => {
  expect(await inGlue('[1 + 1, typeof WebAssembly]')).toEqual([2, 'object']);
});

it('has no way to the machine or to other threads among its globals', async () => {
  const names = ['process', 'require', 'module', 'fetch', 'WebSocket', 'EventSource', 'BroadcastChannel', 'navigator'];
  const list = JSON.stringify([...names, 'Worker', 'localStorage', 'sessionStorage', 'XMLHttpRequest', 'fs']);
  expect(await inGlue(`${list}.filter((name) => typeof globalThis[name] !== 'undefined')`)).toEqual([]);
  expect(await inGlue(`${list}.filter((name) => name in globalThis)`)).toEqual([]);
});

it('finds none by going around the names', async () => {
  expect(await inGlue("new Function('return typeof process + typeof require + typeof fetch')()")).toBe(
    'undefinedundefinedundefined',
  );
  expect(await inGlue("(0, eval)('typeof process')")).toBe('undefined');
});

it.each([
  'node:fs',
  'fs',
  'node:worker_threads',
  'node:process',
  'data:text/javascript,1',
  'https://example.com/a.js',
  GLUE,
])('cannot import %s', async (specifier) => {
  const attempt = `import(${JSON.stringify(specifier)}).then(() => 'imported', (error) => error.name)`;
  expect(await inGlue(attempt)).toBe('Error');
  expect(
    await inGlue(
      `new Function('return import(${JSON.stringify(specifier)})')().then(() => 'imported', () => 'refused')`,
    ),
  ).toBe('refused');
});
