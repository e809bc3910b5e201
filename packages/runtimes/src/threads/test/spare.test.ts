// The thread that stands by: there for the next file, and not for a command that makes one call and ends.
import type { Worker } from 'node:worker_threads';
import { DEFAULT_LIMITS } from '@pypes/contract';
import { expect, it, onTestFinished, vi } from 'vitest';
import { createTestContext } from '../../testing/context.ts';
import { sourceFile } from '../../testing/source-file.ts';
import { languageAt } from '../pool/thread.ts';
import { createThreadRuntime } from '../runtime.ts';

const LANGUAGE = languageAt(new URL('./', import.meta.url), 'toy.fixture');

function countStarts(): () => number {
  let starts = 0;
  const count = (_worker: Worker) => {
    starts++;
  };
  process.on('worker', count);
  onTestFinished(() => void process.off('worker', count));
  return () => starts;
}

it('starts a while after its forerunner got its file, and takes the next one', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  onTestFinished(() => void vi.useRealTimers());
  const starts = countStarts();
  const runtime = createThreadRuntime({
    name: 'toy',
    extensions: ['.toy'],
    sandboxed: true,
    language: LANGUAGE,
    options: {},
    read: ({ path }) => ({ url: path, code: '', agent: { name: 'toy' } }),
  });
  onTestFinished(() => runtime.close());
  const call = async (path: string) => {
    const [agent] = await runtime.load(sourceFile(path, ''), DEFAULT_LIMITS);
    return agent?.run(createTestContext(), {});
  };

  await call('one.toy');
  expect(starts()).toBe(1);
  vi.advanceTimersByTime(1_000);
  // Node tells of a new thread at the end of the turn.
  await new Promise(setImmediate);
  expect(starts()).toBe(2);
  await call('two.toy');
  expect(starts()).toBe(2);
});
