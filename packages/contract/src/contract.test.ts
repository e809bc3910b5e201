// The contract's own rules: metadata, names, guids, sizes, the closed error table.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  ERRORS,
  fitsJsonSize,
  httpStatus,
  isPypesError,
  isTooDeep,
  isToolSafe,
  type Json,
  jsonSize,
  MOST_JSON_DEPTH,
  PypesError,
  parseAgentMetadata,
  toGuid,
  toPypesError,
  toToolAliases,
  WIRE_ROUTES,
  wirePath,
} from './index.ts';

describe('parseAgentMetadata', () => {
  it('fills in the defaults and keeps unknown keys', () => {
    expect(parseAgentMetadata({ name: 'a', version: 2 })).toEqual({
      name: 'a',
      version: 2,
      description: '',
      parameters: { type: 'object', properties: {} },
    });
    expect(parseAgentMetadata({ name: 'a', parameters: { properties: {} } }).parameters.type).toBe('object');
  });

  it.each([
    [null, 'AGENT'],
    [[], 'AGENT'],
    [{}, 'name'],
    [{ name: ' ' }, 'name'],
    [{ name: 3 }, 'name'],
    [{ name: 'x'.repeat(201) }, 'name'],
    [{ name: 'a', description: 1 }, 'description'],
    [{ name: 'a', parameters: [] }, 'parameters'],
    [{ name: 'a', parameters: { type: 'array' } }, 'parameters'],
    [{ name: 'a', returns: 'text' }, 'returns'],
    [{ name: 'a', examples: {} }, 'examples'],
    [{ name: 'a', examples: [{ returns: 1 }] }, 'examples[0]'],
  ])('refuses %j and names %s', (value, key) => {
    try {
      parseAgentMetadata(value);
      expect.unreachable();
    } catch (error) {
      expect(error).toMatchObject({ code: 'agent_broken', message: expect.stringContaining(key) });
    }
  });
});

describe('toToolAliases', () => {
  it('gives safe, unique aliases and leaves safe names alone, whatever the names', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ minLength: 1, maxLength: 80 })), (names) => {
        const aliases = toToolAliases(names);
        const values = [...aliases.values()];
        expect(new Set(values).size).toBe(new Set(names).size);
        for (const [name, alias] of aliases) {
          expect(isToolSafe(alias)).toBe(true);
          if (isToolSafe(name)) expect(alias).toBe(name);
        }
      }),
    );
  });
});

describe('toGuid', () => {
  it('is its own fixed point, and nobody for anything else', () => {
    fc.assert(
      fc.property(fc.uuid(), (guid) => {
        expect(toGuid(` ${guid.toUpperCase()}\n`)).toBe(guid);
      }),
    );
    for (const value of ['', 'c0p110t0-aaaa-bbbb-cccc-123456789abc', 5, null, undefined, `${'0'.repeat(36)}`]) {
      expect(toGuid(value)).toBeUndefined();
    }
  });
});

describe('fitsJsonSize', () => {
  it('agrees with the size of the text at every limit', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.integer({ min: 0, max: 200 }), (value, limit) => {
        expect(fitsJsonSize(value as Json, limit)).toBe(jsonSize(value as Json) <= limit);
      }),
    );
  });
});

describe('isTooDeep', () => {
  it('draws the line at its limit, and a value of any depth is safe to ask about', () => {
    const nested = (depth: number): Json => {
      let value: Json = [];
      for (let level = 1; level < depth; level++) value = level % 2 === 0 ? [value] : { a: value };
      return value;
    };
    expect([isTooDeep(nested(MOST_JSON_DEPTH)), isTooDeep(nested(MOST_JSON_DEPTH + 1))]).toEqual([false, true]);
    expect(fitsJsonSize(nested(200_000), 10_000_000)).toBe(false);
  });
});

describe('errors', () => {
  it('wraps what is unknown and keeps what is known', () => {
    const known = new PypesError('timeout', 'x');
    expect(toPypesError(known)).toBe(known);
    expect(toPypesError('boom')).toMatchObject({ code: 'internal', message: 'boom' });
    expect(isPypesError(new Error('x'))).toBe(false);
  });

  it('has a status for every code at both doors', () => {
    for (const code of Object.keys(ERRORS) as (keyof typeof ERRORS)[]) {
      expect(httpStatus(code, 'service')).toBeGreaterThanOrEqual(400);
      expect(httpStatus(code, 'wire')).toBeLessThan(600);
    }
    expect([httpStatus('handler_failed', 'wire'), httpStatus('handler_failed', 'service')]).toEqual([500, 502]);
  });
});

describe('routes', () => {
  it('have one id, method and path each', () => {
    expect(new Set(WIRE_ROUTES.map(({ id }) => id)).size).toBe(WIRE_ROUTES.length);
    expect(wirePath('call', 'a/b')).toBe('/api/pack/a%2Fb/agent');
  });
});
