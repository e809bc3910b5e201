// The guide's example runs as it stands, and the guide names all that runs offer.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createMemoryArtifactStore, createMemoryRunStore } from '@pypes/stores/memory';
import { expect, test } from 'vitest';
import { createRuns } from './index.ts';
import { createBench } from './testing/setup.ts';

const GUIDE = readFileSync(join(import.meta.dirname, '../../../../docs/guide/runs-library.md'), 'utf8');

test('the example runs', async () => {
  const [, example = ''] = /```ts\n([\s\S]*?)```/.exec(GUIDE) ?? [];
  const imports = [...example.matchAll(/^import \{ (.+) \} from '(.+)';$/gm)].map(([, names, from]) => [names, from]);
  expect(imports).toEqual([
    ['createRuns', '@pypes/host/runs'],
    ['createMemoryArtifactStore, createMemoryRunStore', '@pypes/stores/memory'],
  ]);
  const { host } = createBench({ greet: (_context, { name }) => `Hello ${name}` });
  const printed: unknown[][] = [];
  // The example itself, with what it imports handed in.
  const names = ['host', 'console', 'createRuns', 'createMemoryArtifactStore', 'createMemoryRunStore'];
  const module = `export default async (${names.join(', ')}) => {${example.replaceAll(/^import .*$/gm, '')}}`;
  const { default: run } = await import(/* @vite-ignore */ `data:text/javascript,${encodeURIComponent(module)}`);
  const log = (...given: unknown[]) => printed.push(given);
  await run(host, { log }, createRuns, createMemoryArtifactStore, createMemoryRunStore);
  expect(printed.map(([, line]) => /"event_type":"([\w.]+)"/.exec(String(line))?.[1])).toEqual([
    'run.started',
    'run.finished',
    undefined,
  ]);
  expect(printed.at(-1)).toEqual(['finished', 'Hello Ada']);
});

test('everything that runs offer is in it', () => {
  const { host } = createBench({});
  const runs = createRuns({
    host,
    store: createMemoryRunStore(),
    artifacts: createMemoryArtifactStore(),
    works: false,
  });
  const left = new Set(['recover', 'active']);
  for (const name of Object.keys(runs)) if (!left.has(name)) expect(GUIDE).toContain(name);
});
