// Tables of policies: what they make, and every mistake in them at once, with its place.
import type { Call, Json } from '@pypes/contract';
import { describe, expect, it } from 'vitest';
import { compose } from '../compose.ts';
import { createContexts } from '../flow/contexts.ts';
import { readPolicies } from './policies.ts';

const violations = async (tables: Json) =>
  (await readPolicies(tables, '/policy')).violations.map(({ path, message }) => `${path} ${message}`);

describe('a configuration', () => {
  it('reports every mistake, with its place and what was meant', async () => {
    const found = await violations([
      { use: 'data-budgt', to: 'x' },
      { to: 'x' },
      { use: 'data-budget', to: 'x' },
      { use: 'data-budget', to: 1, max_bytes_per_call: -1, max_byte_per_run: 5 },
      { use: 'rate', per_seconds: 'x' },
      { use: 'allow', from: 'a' },
      { use: 'dlp', detect: ['payment-cards'], action: 'blok' },
      'text',
    ]);
    expect(found).toEqual([
      '/policy/0/use is "data-budgt"; did you mean "data-budget"?',
      expect.stringMatching(/^\/policy\/1 needs "use"/),
      expect.stringMatching(/^\/policy\/2 needs a limit/),
      expect.stringMatching(/^\/policy\/3\/to takes a text/),
      expect.stringMatching(/^\/policy\/3\/max_bytes_per_call takes a whole number/),
      expect.stringMatching(/^\/policy\/3 needs a limit/),
      expect.stringMatching(/^\/policy\/3\/max_byte_per_run is not known here; did you mean "max_bytes_per_run"/),
      expect.stringMatching(/^\/policy\/4 needs "max_calls"/),
      expect.stringMatching(/^\/policy\/4\/per_seconds takes a number/),
      expect.stringMatching(/^\/policy\/5 needs "to"/),
      expect.stringMatching(/^\/policy\/6\/detect has "payment-cards"; did you mean "payment-card"/),
      expect.stringMatching(/^\/policy\/6\/action takes/),
      '/policy/7 takes a table: write [[policy]]',
    ]);
    expect(await violations({ use: 'rate' })).toHaveLength(1);
    expect(await violations([])).toEqual([]);
  });

  it('has another version with every change, and the same one however its keys are ordered', async () => {
    const version = async (tables: Json) => (await readPolicies(tables, '/policy')).set?.version;
    const one = await version([{ use: 'rate', max_calls: 1, per_seconds: 1 }]);
    expect(await version([{ per_seconds: 1, use: 'rate', max_calls: 1 }])).toBe(one);
    expect(await version([{ use: 'rate', max_calls: 2, per_seconds: 1 }])).not.toBe(one);
  });

  it('makes policies that stand in the order of their tables, allow rules together', async () => {
    const { set } = await readPolicies(
      [
        { use: 'allow', from: 'a', to: 'x' },
        { use: 'data-budget', max_bytes_per_call: 10 },
        { use: 'allow', from: 'a', to: 'y', args: { type: 'object' } },
        { use: 'schema', to: 'y', output: 'text.json' },
        { use: 'approve', to: 'z', reason: 'why' },
      ],
      '/policy',
    );
    const asked: string[] = [];
    const policies = set?.create({
      now: () => 0,
      contexts: createContexts(),
      about: () => undefined,
      schemas: { compile: (schema) => (value) => (typeof value === schema.type ? [] : [{ path: '', message: 'no' }]) },
      readSchema: (path) => ({ type: path === 'text.json' ? 'string' : 'number' }),
      createAsk: () => async (call) => {
        asked.push(call.to);
      },
    });
    expect(policies).toHaveLength(4);
    const guard = compose(policies ?? [], async () => ({ output: 'text', labels: new Set() }));
    const call = (from: string, to: string): Call => ({
      kind: 'agent',
      from,
      to,
      packGuid: '',
      args: {},
      labels: new Set(),
      run: 'r',
    });
    await guard(call('a', 'x'));
    await guard(call('a', 'y'));
    await expect(guard(call('a', 'z'))).rejects.toMatchObject({ code: 'policy_denied' });
    await guard(call('b', 'z'));
    expect(asked).toEqual(['z']);
  });
});
