// What a call made other agents do ends with it, and what it says of how far it is has a bound.
import type { AgentContext, Json, Runtime } from '@pypes/contract';
import { createAjvCompiler } from '@pypes/schemas/ajv';
import { createMemoryMemoryStore, createMemoryPackStore } from '@pypes/stores/memory';
import { afterEach, describe, expect, it } from 'vitest';
import { createHost, type Host } from '../index.ts';
import type { CallEvent } from './events.ts';

type Run = (context: AgentContext) => Promise<Json> | Json;

let host: Host | undefined;
afterEach(async () => {
  await host?.close(0);
});

/** A pack of agents that are functions of this test. */
async function packOf(agents: { readonly [name: string]: Run }, events: CallEvent[] = []) {
  const runtime: Runtime = {
    name: 'functions',
    extensions: ['.fn'],
    capabilities: { sandboxed: true, interruptible: true, context: true },
    load: async ({ filename }) => {
      const name = filename.replace('.fn', '');
      const run = agents[name] as Run;
      return [
        {
          metadata: { name, description: '', parameters: { type: 'object' } },
          run: async (context) => run(context),
          close: async () => undefined,
        },
      ];
    },
    close: async () => undefined,
  };
  host = createHost({
    runtimes: [runtime],
    schemas: createAjvCompiler(),
    packs: createMemoryPackStore(),
    memory: createMemoryMemoryStore(),
    onEvent: (event) => events.push(event),
  });
  const files = Object.keys(agents).map((name) => ({ filename: `${name}.fn`, source: name }));
  const { packGuid } = await host.deploy({ schema: 'pack/1.0', name: 'test', agents: files });
  const pack = await host.get(packGuid);
  if (pack === undefined) throw new Error('The pack is not there');
  const on = host;
  return (agent: string) => on.call(pack, { agent });
}

describe('calls that nobody waits for', () => {
  it('are stopped when the call that made them has ended, and so is what they made', async () => {
    const stopped: string[] = [];
    const untilStopped = (name: string) => (context: AgentContext) =>
      new Promise<Json>((_, reject) => {
        context.signal.addEventListener('abort', () => {
          stopped.push(name);
          reject(context.signal.reason);
        });
      });
    let begun = 0;
    const call = await packOf({
      first: async (context) => {
        context.call('second', {}).catch(() => undefined);
        while (begun === 0) await new Promise((turn) => setImmediate(turn));
        return 'over';
      },
      second: (context) => {
        context.call('third', {}).catch(() => undefined);
        return untilStopped('second')(context);
      },
      third: (context) => {
        begun += 1;
        return untilStopped('third')(context);
      },
    });
    expect(await call('first')).toBe('over');
    await expect.poll(() => [...stopped].sort()).toEqual(['second', 'third']);
  });

  it('that are waited for are not', async () => {
    const call = await packOf({ outer: (context) => context.call('inner', {}), inner: () => 'inner' });
    expect(await call('outer')).toBe('inner');
  });
});

describe('progress', () => {
  it('is cut to the length of a line, and stops a call that says too much with it', async () => {
    const events: CallEvent[] = [];
    const call = await packOf(
      {
        talks: (context) => {
          for (let n = 0; n < 1_000; n += 1) context.progress(n / 1_000, 'x'.repeat(100_000));
          return 'done';
        },
      },
      events,
    );
    await expect(call('talks')).rejects.toMatchObject({
      code: 'resource_exhausted',
      details: { limit: 'log_bytes', maximum: 1_048_576 },
    });
    const said = events.map((event) => (event.type === 'progress' ? (event.message ?? '') : ''));
    expect(Math.max(...said.map((text) => text.length))).toBeLessThan(8_300);
    expect(said.join('').length).toBeLessThanOrEqual(1_048_576);
    expect(said.length).toBeGreaterThan(100);
  });

  it('without words is not counted', async () => {
    const events: CallEvent[] = [];
    const call = await packOf(
      {
        counts: (context) => {
          for (let n = 0; n < 20_000; n += 1) context.progress(n / 20_000);
          return 'done';
        },
      },
      events,
    );
    expect(await call('counts')).toBe('done');
    expect(events).toHaveLength(20_000);
  });
});
