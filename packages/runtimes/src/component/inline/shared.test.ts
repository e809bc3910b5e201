// Isolates are few: each is shared by the calls of its file, and ends when others need its place and no call is in it.
import { describe, expect, it } from 'vitest';
import type { Engine } from '../../threads/guest/engines.ts';
import { createSharedStore } from './shared.ts';

type Isolate = Engine & { dead: boolean; disposed: boolean };

function open() {
  const made: Isolate[] = [];
  const createEngines = createSharedStore(2);
  const file = () =>
    createEngines<Isolate>(async () => {
      const isolate: Isolate = {
        dead: false,
        disposed: false,
        dispose: () => {
          isolate.disposed = true;
        },
      };
      made.push(isolate);
      return isolate;
    });
  const use = (engines: ReturnType<typeof file>) => engines.run('', (isolate) => made.indexOf(isolate));
  return { made, file, use, createEngines };
}

describe('a store of isolates', () => {
  it('makes one for each file, for all calls at once', async () => {
    const { made, file, use } = open();
    const a = file();
    expect(await Promise.all([use(a), use(a), use(a)])).toEqual([0, 0, 0]);
    expect(await use(file())).toBe(1);
    expect(made).toHaveLength(2);
  });

  it('ends the one that was used longest ago, and makes it anew when it is needed', async () => {
    const { made, file, use } = open();
    const [a, b, c] = [file(), file(), file()];
    for (const each of [a, b, a, c]) await use(each);
    expect(made.map(({ disposed }) => disposed)).toEqual([false, true, false]);
    expect(await use(b)).toBe(3);
  });

  it('ends none that a call is in', async () => {
    const { made, file, use } = open();
    const held = Promise.withResolvers<void>();
    const running = file().run('', () => held.promise);
    for (const each of [file(), file(), file()]) await use(each);
    expect(made.map(({ disposed }) => disposed)).toEqual([false, true, true, false]);
    held.resolve();
    await running;
  });

  it('replaces one that died, or could not be made, and ends those of a file that is closed', async () => {
    const { made, file, use, createEngines } = open();
    const a = file();
    await use(a);
    await a.run('', (isolate) => {
      isolate.dead = true;
    });
    expect(await use(a)).toBe(1);
    a.close();
    await Promise.resolve();
    expect(made.map(({ disposed }) => disposed)).toEqual([true, true]);

    let tries = 0;
    const failing = createEngines<Isolate>(() => Promise.reject(new Error(`try ${++tries}`)));
    for (const text of ['try 1', 'try 2']) await expect(failing.run('', () => 0)).rejects.toThrow(text);
  });
});
