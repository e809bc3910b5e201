// Blueprints on a host: one chain for every call, wires and nothing else, less than was granted, policies where they stand.
import { type Policy, PypesError } from '@pypes/contract';
import { describe, expect, it } from 'vitest';
import { machineOf, type TestComponent } from './testing/machine.suite.ts';

const step = (id: string, component: string, lines = '') =>
  `[[workflow.steps]]\nid = "${id}"\ncomponent = "${component}"\n${lines}\n`;

const STOCK: TestComponent = {
  does: { price: (_context, { symbol }) => (symbol === 'ACME' ? 120 : 1) },
  functions: { price: { labels: { reads: ['untrusted'] } } },
};
const BRIEF: TestComponent = {
  does: { brief: async (context, { symbol = 'ACME' }) => context.call('get-price', { symbol }) },
};
const WIRED = '[wiring]\n"brief.get-price" = "stock.price"\n';

describe('the chain', () => {
  it('is the same for the run, its steps and what they call, in that order, under one run', async () => {
    const seen: string[] = [];
    const policy: Policy = (call, next) => {
      seen.push(`${call.from} → ${call.to}`);
      return next(call);
    };
    const { run, records } = await machineOf({ brief: BRIEF, stock: STOCK }, { policies: [policy] });
    expect((await run(step('a', 'brief') + WIRED)).output).toBe(120);
    expect(seen).toEqual(['test → blueprint.test', 'workflow → brief', 'brief → price']);
    expect(records.map(({ to, root, run: own }) => [to, root ?? own])).toEqual([
      ['blueprint.test', 'run-1'],
      ['price', 'run-1'],
      ['brief', 'run-1'],
    ]);
  });

  it('is for one tenant as a whole, from the first record to the memory of what is called', async () => {
    const remembering: TestComponent = {
      does: {
        price: async (context) => {
          const before = (await context.memory.get('n')) ?? 0;
          await context.memory.set('n', Number(before) + 1);
          return before;
        },
      },
      asked: { memory: 'read-write' },
      granted: { memory: 'read-write' },
    };
    const { run, records } = await machineOf({ brief: BRIEF, stock: remembering });
    const text = step('a', 'brief') + WIRED;
    const outputs = [];
    for (const tenant of ['acme', 'acme', 'globex', undefined]) {
      outputs.push((await run(text, {}, { ...(tenant === undefined ? {} : { tenant }) })).output);
    }
    expect(outputs).toEqual([0, 1, 0, 0]);
    const names = new Set(records.slice(0, records.length / 2).map(({ tenant }) => tenant));
    expect(names).toEqual(new Set(['acme']));
  });

  it('has the policies of the blueprint behind those of the operator, by the names of the blueprint', async () => {
    const order: string[] = [];
    const operator: Policy = async (call, next) => {
      order.push('operator');
      return next(call);
    };
    const { run, asked } = await machineOf({ brief: BRIEF, stock: STOCK }, { policies: [operator] });
    await run(`${step('a', 'brief')}${WIRED}[[policy]]\nuse = "approve"\nfrom = "brief"\nto = "stock"\n`);
    expect([order.length, asked]).toEqual([3, ['brief.brief → stock.price']]);
    const denies: Policy = (call, next) => {
      if (call.to === 'price') throw new PypesError('policy_denied', 'The operator says no');
      return next(call);
    };
    const strict = await machineOf({ brief: BRIEF, stock: STOCK }, { policies: [denies] });
    const running = strict.run(`${step('a', 'brief')}${WIRED}[[policy]]\nuse = "approve"\nto = "stock"\n`);
    await expect(running).rejects.toMatchObject({ code: 'policy_denied', message: 'Step "a": The operator says no' });
    expect(strict.asked).toEqual([]);
  });

  it('lets an operator refuse the whole run', async () => {
    const policy: Policy = (call, next) => {
      if (call.to === 'blueprint.test') throw new PypesError('policy_denied', 'Not here');
      return next(call);
    };
    const { run, records } = await machineOf({ stock: STOCK }, { policies: [policy] });
    await expect(run(step('a', 'stock'))).rejects.toMatchObject({ message: 'Not here' });
    expect(records.map(({ to, decision }) => [to, decision])).toEqual([['blueprint.test', 'deny']]);
  });
});

describe('wiring', () => {
  it('is all that can be called: everything else is refused, and recorded', async () => {
    const does: TestComponent['does'] = {
      go: async (context, { name }) => context.call(String(name), {}).catch((error: PypesError) => error.code),
      own: () => 'own',
    };
    const { run, records } = await machineOf({ a: { does }, stock: STOCK });
    const text = `${step('x', 'a', 'function = "go"\ninput = { name = "{{ input.name }}" }')}`;
    for (const name of ['price', 'stock.price', 'own', 'go', '__proto__', 'context.fetch']) {
      expect((await run(text, { name })).output).toBe('policy_denied');
    }
    const denied = records.filter(({ decision }) => decision === 'deny');
    expect(denied.map(({ from, to }) => `${from} → ${to}`)).toContain('go → price');
    expect(denied[0]?.policies).toEqual([expect.objectContaining({ policy: 'wiring', decision: 'deny' })]);
  });

  it('sets arguments, counts calls, and has a limit for each direction', async () => {
    const STORE: TestComponent = { does: { put: (_context, args) => args } };
    const caller = (does: TestComponent['does'][string]): TestComponent => ({ does: { go: does } });
    const wire = (more: string) => `${step('x', 'a')}[wiring]\n"a.put" = { provider = "store.put", ${more} }\n`;
    const fixed = await machineOf({ a: caller((context) => context.call('put', { to: 'evil', n: 1 })), store: STORE });
    expect((await fixed.run(wire('fixed = { to = "me" }'))).output).toEqual({ to: 'me', n: 1 });

    const twice = caller(async (context) => [await context.call('put', {}), await context.call('put', {})]);
    const counted = await machineOf({ a: twice, store: STORE });
    expect((await counted.run(wire('max_calls = 2'))).output).toEqual([{}, {}]);
    await expect(counted.run(wire('max_calls = 1'))).rejects.toMatchObject({ code: 'policy_denied' });

    const sized = (bytes: number) => caller((context) => context.call('put', { x: 'y'.repeat(bytes - 8) }));
    const limit = '[max_payload_size]\n"a.put" = 100\n';
    const fits = await machineOf({ a: sized(100), store: STORE });
    expect((await fits.run(wire('max_calls = 1') + limit)).output).toMatchObject({ x: expect.any(String) });
    const large = await machineOf({ a: sized(101), store: STORE });
    await expect(large.run(wire('max_calls = 1') + limit)).rejects.toMatchObject({ code: 'too_large' });
    const bomb: TestComponent = { does: { put: () => 'x'.repeat(99) } };
    const back = await machineOf({ a: caller((context) => context.call('put', {})), store: bomb });
    await expect(back.run(wire('max_calls = 1') + limit)).rejects.toMatchObject({ code: 'output_too_large' });
  });

  it('ends where it goes in a circle', async () => {
    const { run } = await machineOf({ a: { does: { go: (context) => context.call('again', {}) } } });
    const running = run(`${step('x', 'a')}[wiring]\n"a.again" = "a.go"\n`);
    await expect(running).rejects.toMatchObject({ code: 'resource_exhausted' });
  });
});

describe('permissions', () => {
  const REMEMBERS: TestComponent = {
    does: {
      go: async (context) => {
        await context.memory.set('k', 1);
        return (await context.memory.get('k')) ?? null;
      },
    },
  };
  const GRANT = (permissions: string) => `[grants]\na = { ${permissions} }\n`;

  it('are none where none are granted, not even the memory that every pack has', async () => {
    const { run } = await machineOf({ a: REMEMBERS });
    await expect(run(step('x', 'a'))).rejects.toMatchObject({
      code: 'policy_denied',
      details: { operation: 'memory.set' },
    });
    const all = await machineOf({
      a: { ...REMEMBERS, asked: { memory: 'read-write' }, granted: { memory: 'read-write' } },
    });
    expect((await all.run(step('x', 'a'))).output).toBe(1);
  });

  it('are narrowed by the blueprint, and never more than was granted to the pack', async () => {
    const asked = { memory: 'read-write' as const, network: ['api.example.com:443'] };
    const narrowed = await machineOf({ a: { ...REMEMBERS, asked, granted: asked } });
    const text = `[components]\na = { skill = "remote:a", permissions = { memory = "read" } }\n${step('x', 'a')}`;
    await expect(narrowed.run(text)).rejects.toMatchObject({
      code: 'policy_denied',
      details: { operation: 'memory.set' },
    });

    const fetches: TestComponent['does'] = {
      go: (context) => context.use('fetch', { url: 'https://api.example.com/' }),
    };
    const greedy = await machineOf({ a: { does: fetches, asked: { network: ['api.example.com:443'] } } });
    // The blueprint grants what the operator never did: the pack has no network.
    await expect(greedy.run(step('x', 'a') + GRANT('network = ["api.example.com:443"]'))).rejects.toMatchObject({
      code: 'policy_denied',
      details: { operation: 'fetch' },
    });
  });
});

describe('a check that fails', () => {
  const LEAK = { leak: { does: { go: () => 1 }, functions: { go: { labels: { refuses: ['private' as const] } } } } };
  const TEXT = `${step('x', 'leak', 'input = { v = "{{ input.v }}" }')}[input]\nlabels = ["private"]\n`;

  it('keeps everything from running', async () => {
    const { run, records } = await machineOf(LEAK);
    await expect(run(TEXT, { v: 1 })).rejects.toMatchObject({
      code: 'policy_denied',
      details: { policy: 'check', findings: [{ code: 'PB301' }] },
    });
    expect(records).toEqual([]);
    await expect(run(TEXT, { v: 1 }, { allowUnsafe: ['PB401'] })).rejects.toMatchObject({ code: 'policy_denied' });
    await expect(run(TEXT, { v: 1 }, { allowUnsafe: ['PB1'] })).rejects.toMatchObject({ code: 'invalid_request' });
  });

  it('is recorded where somebody lets it run; what stops values while it runs still does', async () => {
    const { run, records } = await machineOf(LEAK);
    await expect(run(TEXT, { v: 1 }, { allowUnsafe: ['PB301'] })).rejects.toMatchObject({
      code: 'policy_denied',
      details: { policy: 'refuses', mark: 'private', labels: ['private:input'] },
    });
    expect(records[0]).toMatchObject({
      to: 'blueprint.test',
      decision: 'allow',
      policies: [{ policy: 'check', decision: 'allow', reason: expect.stringContaining('--allow-unsafe PB301') }],
    });
  });
});

describe('policies of a blueprint', () => {
  it('count over the whole run', async () => {
    const { run } = await machineOf({ stock: STOCK });
    const text = (calls: number) =>
      `${step('a', 'stock', 'foreach = "{{ input.list }}"\nmax_items = 3\ninput = { symbol = "{{ item }}" }')}[[policy]]\nuse = "data-budget"\nfrom = "workflow"\nto = "stock"\nmax_calls_per_run = ${calls}\n`;
    const input = { list: ['ACME', 'B', 'C'] };
    expect((await run(text(3), input)).output).toEqual([120, 1, 1]);
    await expect(run(text(2), input, { allowUnsafe: ['PB603'] })).rejects.toMatchObject({
      details: { limit: 'max_calls_per_run' },
    });
  });

  it('stand where middleware names them, and only there', async () => {
    const { run } = await machineOf({ stock: STOCK });
    const card = { v: '4111 1111 1111 1111' };
    const text = (middleware: string) => step('a', 'stock', `input = { symbol = "{{ input.v }}" }\n${middleware}`);
    expect((await run(text(''), card)).output).toBe(1);
    await expect(run(text('middleware = ["dlp"]'), card)).rejects.toMatchObject({
      details: { policy: 'dlp', step: 'a' },
    });
  });

  it('name components, functions and what is used of context', async () => {
    const rule = (from: string, to: string) => `[[policy]]\nuse = "allow"\nfrom = "${from}"\nto = "${to}"\n`;
    const { run } = await machineOf({ brief: BRIEF, stock: STOCK });
    const text = `${step('a', 'brief')}${WIRED}`;
    expect((await run(text + rule('brief', 'stock'))).output).toBe(120);
    expect((await run(text + rule('brief', 'stock.price'))).output).toBe(120);
    await expect(run(text + rule('brief', 'brief'))).rejects.toMatchObject({ details: { policy: 'allow' } });
    await expect(run(text + rule('workflow', 'stock'))).rejects.toMatchObject({ details: { policy: 'allow' } });
  });

  it('are refused with their place where they cannot be used', async () => {
    const { run } = await machineOf({ stock: STOCK });
    const wrong = `${step('a', 'stock')}[[policy]]\nuse = "rate"\nmax_call = 3\n`;
    await expect(run(wrong)).rejects.toMatchObject({
      code: 'invalid_request',
      details: {
        problems: expect.arrayContaining([
          expect.objectContaining({ line: 11, message: expect.stringContaining('max_call ') }),
        ]),
      },
    });
  });
});

describe('a run', () => {
  it('takes what [input] says and nothing else', async () => {
    const { run, records } = await machineOf({ stock: STOCK });
    const text = `${step('a', 'stock', 'input = { symbol = "{{ input.symbol }}" }')}[input]\nschema = { type = "object", properties = { symbol = { type = "string" } }, required = ["symbol"] }\n`;
    expect((await run(text, { symbol: 'ACME' })).output).toBe(120);
    const before = records.length;
    await expect(run(text, {})).rejects.toMatchObject({ code: 'invalid_input' });
    expect(records).toHaveLength(before);
  });

  it('without steps calls the one function that nothing else calls', async () => {
    const { run } = await machineOf({ brief: BRIEF, stock: STOCK });
    expect((await run(WIRED, { symbol: 'B' })).output).toBe(1);
    await expect(run('', {}, { allowUnsafe: ['PB101'] })).rejects.toMatchObject({ code: 'invalid_request' });
  });

  it('is stopped as a whole', async () => {
    const abort = new AbortController();
    const stopped: string[] = [];
    const waits = (name: string): TestComponent => ({
      does: {
        go: (context) =>
          new Promise((_, reject) => {
            context.onStop(() => {
              stopped.push(name);
              reject(new Error('stopped'));
            });
            if (name === 'b') abort.abort();
          }),
      },
    });
    const { run } = await machineOf({ a: waits('a'), b: waits('b') });
    const running = run(step('x', 'a') + step('y', 'b', ''), {}, { signal: abort.signal });
    await expect(running).rejects.toMatchObject({ code: 'canceled' });
    expect(stopped.sort()).toContain('b');
  });
});

describe('a function', () => {
  it('that says other types when it is loaded than were checked is not called', async () => {
    const { run, records } = await machineOf({ a: { does: { go: () => 'text' } } });
    const facts = () => ({ functions: { go: { returns: { type: 'boolean' } } } });
    await expect(run(step('x', 'a'), {}, { facts })).rejects.toMatchObject({ code: 'conflict' });
    const gone = () => ({ functions: { other: {} } });
    await expect(run(step('x', 'a'), {}, { facts: gone })).rejects.toMatchObject({ code: 'agent_broken' });
    expect(records.map(({ to }) => to)).toEqual(['blueprint.test', 'blueprint.test']);
  });
});

describe('an approval that nobody gives', () => {
  it('does not hold up a run that is stopped, and comes too late then', async () => {
    const abort = new AbortController();
    let agree: () => void = () => undefined;
    let called = 0;
    const { run } = await machineOf({ a: { does: { go: () => ++called } } });
    const policies = {
      schemas: { compile: () => () => [] },
      now: () => 0,
      readSchema: () => ({}),
      createAsk: () => () =>
        new Promise<void>((yes) => {
          agree = yes;
          abort.abort();
        }),
    };
    const text = `${step('x', 'a')}[[policy]]\nuse = "approve"\nto = "a"\n`;
    await expect(run(text, {}, { policies, signal: abort.signal })).rejects.toMatchObject({ code: 'canceled' });
    agree();
    await new Promise((later) => setTimeout(later, 5));
    expect(called).toBe(0);
  });
});
