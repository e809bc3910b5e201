// Workflows: order, steps side by side, foreach, conditions, data that stays data.
import { PypesError } from '@pypes/contract';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Step } from '../../blueprint.ts';
import { crowd, gate, step, workflowOf } from '../testing/workflow.suite.ts';
import { orderSteps } from './order.ts';

describe('the order of steps', () => {
  it('follows what templates name and what after says, wherever the steps stand', async () => {
    const { run, calls } = workflowOf(
      step('last', 'input = { a = "{{ first.output.n }}" }\nafter = ["middle"]') +
        step('first', 'input = { n = 1 }') +
        step('middle', 'when = "{{ first.status == \'done\' }}"'),
    );
    await run();
    expect(calls.map(({ step: { id } }) => id)).toEqual(['first', 'middle', 'last']);
    expect(calls.at(-1)?.args).toEqual({ a: 1 });
  });

  it('is none where steps wait for each other', () => {
    const { blueprint } = workflowOf(step('a') + step('b', 'after = ["a"]'));
    const [a, b] = blueprint.steps as [Step, Step];
    expect(() => orderSteps([{ ...a, after: ['b'] }, b])).toThrow(
      expect.objectContaining({ code: 'invalid_request', details: { steps: ['a', 'b'] } }),
    );
    expect(() => orderSteps([a, a])).toThrow(expect.objectContaining({ code: 'invalid_request' }));
  });

  it('puts every step behind those it waits for, for any graph without a circle', () => {
    const { blueprint } = workflowOf(step('a'));
    const [base] = blueprint.steps as [Step];
    fc.assert(
      fc.property(fc.array(fc.array(fc.nat()), { maxLength: 20 }), fc.nat(), (edges, turn) => {
        const steps = edges.map((to, index): Step => {
          const after = to.filter(() => index > 0).map((each) => `s${each % Math.max(1, index)}`);
          return { ...base, id: `s${index}`, after };
        });
        const shuffled = [...steps.slice(turn % (steps.length + 1)), ...steps.slice(0, turn % (steps.length + 1))];
        const order = orderSteps(shuffled).map(({ step: { id } }) => id);
        expect([...order].sort()).toEqual(steps.map(({ id }) => id).sort());
        for (const { id, after } of steps)
          for (const before of after) expect(order.indexOf(before)).toBeLessThan(order.indexOf(id));
      }),
    );
  });
});

describe('steps that need nothing of each other', () => {
  it('are under way at the same time', async () => {
    const [one, two] = [gate(), gate()];
    const { run } = workflowOf(step('a', '', 'one') + step('b', '', 'two'), {
      // Each waits until the other one has begun: run one after the other, neither would end.
      async one() {
        one.open();
        await two.pass();
        return 1;
      },
      async two() {
        two.open();
        await one.pass();
        return 2;
      },
    });
    const { steps } = await run();
    expect([...steps].map(([id, { output }]) => [id, output])).toEqual(
      expect.arrayContaining([
        ['a', 1],
        ['b', 2],
      ]),
    );
  });

  it('are never more under way than the bound lets', async () => {
    const { enter, seen } = crowd(3);
    const { run } = workflowOf(Array.from({ length: 21 }, (_, index) => step(`s${index}`, '', 'busy')).join(''), {
      busy: async () => {
        await enter();
        return null;
      },
    });
    await run({}, { parallel: 3 });
    expect(seen).toEqual({ running: 0, most: 3 });
  });
});

describe('foreach', () => {
  const DOUBLE = step(
    'each',
    'foreach = "{{ input.list }}"\nmax_items = 50\ninput = { n = "{{ item }}", at = "{{ index }}" }',
    'double',
  );

  it('keeps the order of its items, however they end, within the bound', async () => {
    const { enter, seen } = crowd(4);
    const { run } = workflowOf(DOUBLE, {
      async double({ args }) {
        await enter();
        for (let turn = 0; turn < (Number(args.at) * 7) % 5; turn++) await Promise.resolve();
        return Number(args.n) * 2;
      },
    });
    const list = Array.from({ length: 20 }, (_, index) => index);
    const { output } = await run({ list }, { parallel: 4 });
    expect(output).toEqual(list.map((n) => n * 2));
    expect(seen).toEqual({ running: 0, most: 4 });
  });

  it('refuses more items than it may have, and what is no list', async () => {
    const { run, calls } = workflowOf(DOUBLE);
    await expect(run({ list: Array.from({ length: 51 }, () => 0) })).rejects.toMatchObject({
      code: 'too_large',
      details: { step: 'each', limit: 'max_items', maximum: 50 },
    });
    await expect(run({ list: 'abc' })).rejects.toMatchObject({ code: 'invalid_input', details: { step: 'each' } });
    expect(calls).toEqual([]);
  });

  it('skips items by their condition, and goes on past those that fail', async () => {
    const { run } = workflowOf(
      `${step(
        'each',
        'foreach = "{{ input.list }}"\nwhen = "{{ item > 1 }}"\non_error = { value = -1 }\ninput = { n = "{{ item }}" }',
        'odd',
      )}[output]\nvalue = { all = "{{ each.output }}", status = "{{ each.status }}", error = "{{ each.error }}" }\n`,
      {
        odd({ args }) {
          if (Number(args.n) % 2 === 0) throw new PypesError('handler_failed', 'Even');
          return args.n ?? null;
        },
      },
    );
    expect((await run({ list: [1, 2, 3] })).output).toEqual({
      all: [null, -1, 3],
      status: 'failed',
      error: 'Step "each", item 1: Even',
    });
    expect((await run({ list: [1, 0] })).output).toMatchObject({ all: [null, null], status: 'skipped' });
    expect((await run({ list: [] })).output).toMatchObject({ all: [], status: 'done' });
  });

  it('says which item failed, and starts no further ones', async () => {
    const { run, calls } = workflowOf(DOUBLE, {
      double({ item }) {
        if (item === 2) throw new PypesError('handler_failed', 'No');
        return 0;
      },
    });
    const failure = run({ list: Array.from({ length: 40 }, () => 1) }, { parallel: 2 });
    await expect(failure).rejects.toMatchObject({ code: 'handler_failed', details: { step: 'each', item: 2 } });
    expect(calls.length).toBeLessThanOrEqual(4);
  });
});

describe('when', () => {
  it('skips a step, which is null for those that read it', async () => {
    const { run, calls, events } = workflowOf(
      step('maybe', 'when = "{{ input.go }}"') +
        '[output]\nvalue = { status = "{{ maybe.status }}", output = "{{ maybe.output }}" }\n',
    );
    expect((await run({ go: false })).output).toEqual({ status: 'skipped', output: null });
    expect(calls).toEqual([]);
    expect(events).toEqual([expect.objectContaining({ type: 'step.settled', step: 'maybe', status: 'skipped' })]);
    expect((await run({ go: true })).output).toMatchObject({ status: 'done' });
  });

  it('has to be true or false', async () => {
    const { run } = workflowOf(step('maybe', 'when = "{{ input.go }}"'));
    await expect(run({ go: 1 })).rejects.toMatchObject({ code: 'invalid_input', details: { step: 'maybe' } });
  });
});

describe('data', () => {
  it('stays data: braces in an output are no template', async () => {
    const { run } = workflowOf(
      step('a', '', 'forge') + step('b', 'input = { text = "{{ a.output }}", inside = "so: {{ a.output }}" }'),
      { forge: () => '{{ input.secret }}' },
    );
    expect((await run({ secret: 'S' })).output).toEqual({
      text: '{{ input.secret }}',
      inside: 'so: {{ input.secret }}',
    });
  });

  it('changes nothing around it, whatever its keys are called', async () => {
    const { run } = workflowOf(
      step('a', '', 'forge') +
        step('b', 'input = { all = "{{ a.output }}" }') +
        '[output]\nvalue = { a = "{{ b.output.all }}", b = "{{ a.status }}" }\n',
      { forge: () => JSON.parse('{"__proto__": {"status": "owned"}, "constructor": 1, "status": "x"}') as never },
    );
    const { output } = await run();
    expect(JSON.stringify(output)).toBe(
      '{"a":{"__proto__":{"status":"owned"},"constructor":1,"status":"x"},"b":"done"}',
    );
    expect(({} as { status?: unknown }).status).toBeUndefined();
    const lookUp = workflowOf(step('constructor') + step('b', 'input = { x = "{{ constructor.output.toString }}" }'));
    await expect(lookUp.run()).rejects.toMatchObject({ code: 'invalid_input', details: { step: 'b' } });
  });
});
