// The host with fake agents: discovery that is always true to the files, versions that live as long as their calls.
import type { Json, JsonObject } from '@pypes/contract';
import { createMemoryMemoryStore, createMemoryPackStore } from '@pypes/stores/memory';
import { describe, expect, it } from 'vitest';
import { createHost, type HostOptions } from './index.ts';
import { type Behaviour, createFakeFolder, createFakeRuntime, deferred, fake, requiredOnly } from './testing/fake.ts';

const ECHO: Behaviour = (_context, args) => args;

function setup(behaviours: { readonly [name: string]: Behaviour } = {}, options: Partial<HostOptions> = {}) {
  const files = new Map([['echo.fake', fake({ name: 'echo', does: 'echo' })]]);
  const folder = createFakeFolder(files);
  const { runtime, closed } = createFakeRuntime({ echo: ECHO, ...behaviours });
  const host = createHost({
    runtimes: [runtime],
    schemas: requiredOnly,
    packs: createMemoryPackStore(),
    memory: createMemoryMemoryStore(),
    folders: [folder],
    ...options,
  });
  const call = (agent: string, args: JsonObject = {}, rest: object = {}) =>
    host.call('fakes', { agent, args, ...rest });
  const view = async () => (await host.get('fakes'))?.catalog.view();
  return { host, folder, closed, call, view };
}

describe('discovery', () => {
  it('sees a file that is added, edited and removed at the next call', async () => {
    const { folder, call } = setup({ one: () => 1, two: () => 2 });
    expect(await call('echo', { a: 1 })).toEqual({ a: 1 });
    folder.set('new.fake', fake({ name: 'new', does: 'one' }));
    expect(await call('new')).toBe(1);
    folder.set('new.fake', fake({ name: 'new', does: 'two' }));
    expect(await call('new')).toBe(2);
    folder.set('new.fake', undefined);
    await expect(call('new')).rejects.toMatchObject({ code: 'unknown_agent', details: { available: ['echo'] } });
  });

  it('quarantines a broken file with its real error, and no other', async () => {
    const { folder, call, view } = setup();
    folder.set('bad.fake', '{');
    expect(await view()).toMatchObject({
      names: ['echo'],
      quarantined: [{ filename: 'bad.fake', error: 'bad.fake:3:7: This is no list', line: 3, column: 7 }],
    });
    expect(await call('echo')).toEqual({});
    await expect(call('bad')).rejects.toThrow(/quarantined/);
  });

  it('lets the later file win and reports the one it shadows', async () => {
    const { folder, call, view } = setup({ late: () => 'late' });
    folder.set('z.fake', fake({ name: 'echo', does: 'late' }));
    expect(await call('echo')).toBe('late');
    expect((await view())?.shadowed).toEqual([{ name: 'echo', filename: 'echo.fake', by: 'z.fake' }]);
  });

  it('leaves out files that are no agents', async () => {
    const { folder, view } = setup();
    for (const path of ['_helper.fake', '.hidden.fake', 'basic_agent.py', 'notes.txt']) folder.set(path, '{');
    expect(await view()).toMatchObject({ names: ['echo'], quarantined: [] });
  });

  it('gives every name a tool-safe alias', async () => {
    const { folder, view } = setup();
    folder.set('a.fake', fake({ name: '@ann/my tool', does: 'echo' }, { name: 'ann_my_tool', does: 'echo' }));
    const agents = (await view())?.agents;
    expect([agents?.get('@ann/my tool')?.alias, agents?.get('ann_my_tool')?.alias]).toEqual([
      'ann_my_tool_2',
      'ann_my_tool',
    ]);
  });

  it('quarantines wrong metadata with the key that is wrong', async () => {
    const { folder, view } = setup();
    folder.set('a.fake', fake({ name: 'a', parameters: { type: 'string' } }));
    folder.set('b.fake', fake({ description: 'no name' }));
    expect((await view())?.quarantined.map((file) => file.error)).toEqual([
      expect.stringContaining('AGENT.parameters'),
      expect.stringContaining('AGENT.name'),
    ]);
  });
});

describe('versions', () => {
  it('ends a call in flight on the version that it began with, and closes that version after it', async () => {
    const gate = deferred();
    const begun = deferred();
    const slow: Behaviour = async (_context, _args, source) => {
      begun.resolve();
      await gate.promise;
      return source.includes('first') ? 'first' : 'second';
    };
    const { folder, call, closed } = setup({ slow });
    folder.set('s.fake', fake({ name: 's', does: 'slow', mark: 'first' }));
    const before = call('s');
    await begun.promise;
    folder.set('s.fake', fake({ name: 's', does: 'slow', mark: 'second' }));
    const after = call('s');
    await new Promise((turn) => setTimeout(turn, 5));
    expect(closed).toEqual([]);
    gate.resolve();
    expect([await before, await after]).toEqual(['first', 'second']);
    expect(closed).toEqual(['s.fake:s']);
  });

  it('keeps a whole chain of calls on one version of a deployed pack', async () => {
    const gate = deferred();
    const behaviours: { [name: string]: Behaviour } = {
      outer: async (context) => {
        await gate.promise;
        return context.call('inner', {});
      },
      old: () => 'old',
      new: () => 'new',
    };
    const { host } = setup(behaviours);
    const bundle = (mark: string, guid?: string): Json => ({
      schema: 'pack/1.0',
      ...(guid === undefined ? {} : { pack_guid: guid }),
      agents: [
        { filename: 'outer.fake', source: fake({ name: 'outer', does: 'outer' }) },
        { filename: 'inner.fake', source: fake({ name: 'inner', does: mark }) },
      ],
    });
    const { packGuid } = await host.deploy(bundle('old'));
    const before = host.call(packGuid, { agent: 'outer' });
    await new Promise((turn) => setTimeout(turn, 5));
    await host.deploy(bundle('new', packGuid));
    const after = host.call(packGuid, { agent: 'outer' });
    gate.resolve();
    expect([await before, await after]).toEqual(['old', 'new']);
  });
});

describe('limits', () => {
  it('answers a call that runs too long at its limit, and aborts it', async () => {
    let aborted = false;
    const hang: Behaviour = (context) =>
      new Promise((resolve) => {
        context.signal.addEventListener('abort', () => {
          aborted = true;
          resolve(null);
        });
      });
    const { folder, call } = setup({ hang });
    folder.set('h.fake', fake({ name: 'h', does: 'hang' }));
    await expect(call('h', {}, { timeoutMs: 30 })).rejects.toMatchObject({ code: 'timeout' });
    expect(aborted).toBe(true);
  });

  it.each([20, 59, 61, 200])(
    'keeps the limit of %i ms, and hears of a caller who goes, with a signal to be asked for',
    async (ms) => {
      const hang: Behaviour = (context) =>
        new Promise((resolve) => context.signal.addEventListener('abort', () => resolve(null)));
      const { folder, call } = setup({ hang });
      folder.set('h.fake', fake({ name: 'h', does: 'hang' }));
      const began = performance.now();
      const { signal } = new AbortController();
      await expect(call('h', {}, { timeoutMs: ms, signal: () => signal })).rejects.toMatchObject({ code: 'timeout' });
      expect(performance.now() - began).toBeGreaterThanOrEqual(ms - 1);

      const gone = new AbortController();
      const running = call('h', {}, { timeoutMs: 60_000 + ms, signal: () => gone.signal });
      setTimeout(() => gone.abort(), ms);
      await expect(running).rejects.toMatchObject({ code: 'canceled' });
    },
  );

  it('cancels a call and the calls that it made', async () => {
    const { folder, call } = setup({
      outer: (context) => context.call('inner', {}),
      inner: (context) =>
        new Promise((_resolve, reject) =>
          context.signal.addEventListener('abort', () => reject(context.signal.reason)),
        ),
    });
    folder.set('o.fake', fake({ name: 'outer', does: 'outer' }, { name: 'inner', does: 'inner' }));
    const abort = new AbortController();
    const running = call('outer', {}, { signal: abort.signal });
    setTimeout(() => abort.abort(), 10);
    await expect(running).rejects.toMatchObject({ code: 'canceled' });
  });

  it('stops nesting at its depth and not before', async () => {
    const nest: Behaviour = (context, args) =>
      args.n === 0 ? 'bottom' : context.call('nest', { n: Number(args.n) - 1 });
    const { folder, call } = setup({ nest });
    folder.set('n.fake', fake({ name: 'nest', does: 'nest' }));
    expect(await call('nest', { n: 15 })).toBe('bottom');
    await expect(call('nest', { n: 16 })).rejects.toMatchObject({ code: 'resource_exhausted' });
  });

  it('refuses one call more than may be in flight', async () => {
    const gate = deferred();
    const { folder, call } = setup(
      {
        wait: async () => {
          await gate.promise;
          return 1;
        },
      },
      { limits: { concurrentCalls: 2 } },
    );
    folder.set('w.fake', fake({ name: 'w', does: 'wait' }));
    const running = [call('w'), call('w')];
    await expect(call('w')).rejects.toMatchObject({ code: 'rate_limited' });
    gate.resolve();
    expect(await Promise.all(running)).toEqual([1, 1]);
    expect(await call('w')).toBe(1);
  });

  it('cuts long log lines', async () => {
    const events: unknown[] = [];
    const chatty: Behaviour = (context) => {
      context.log('info', 'x'.repeat(50));
      return null;
    };
    const { folder, call } = setup({ chatty }, { limits: { logLineLength: 20 } });
    folder.set('c.fake', fake({ name: 'c', does: 'chatty' }));
    await call('c', {}, { onEvent: (event: unknown) => events.push(event) });
    expect(events).toMatchObject([{ message: `${'x'.repeat(20)}… (30 more characters)` }]);
  });
});

describe('the guard', () => {
  it('stands before every call, also a nested one', async () => {
    const audited: unknown[] = [];
    const { folder, call } = setup(
      { outer: (context) => context.call('strict', {}) },
      { audit: { write: ({ from, to, decision, code }) => audited.push([from, to, decision, code]) } },
    );
    folder.set(
      'o.fake',
      fake({ name: 'outer', does: 'outer' }, { name: 'strict', does: 'echo', parameters: { required: ['x'] } }),
    );
    await expect(call('outer')).rejects.toMatchObject({ code: 'invalid_input' });
    expect(audited).toEqual([
      ['outer', 'strict', 'deny', 'invalid_input'],
      ['host', 'outer', 'deny', 'invalid_input'],
    ]);
  });
});
