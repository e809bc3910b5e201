// Laws of what two endpoints say to each other: a nonce counts once, limits only shrink, nonsense is refused as such.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PypesError } from '../errors.ts';
import type { Json } from '../json.ts';
import { DEFAULT_LIMITS } from '../limits.ts';
import {
  createNonceMemory,
  decodeBase64,
  encodeBase64,
  isRemotePath,
  parseAskRequest,
  parseLoadAnswer,
  parseLoadRequest,
  parseRemoteAnswer,
  parseRunRequest,
  smallerLimits,
  toWireLimits,
} from './index.ts';

describe('nonces', () => {
  it('count once for as long as they could be used, however many came in between', () => {
    const steps = fc.array(
      fc.record({ nonce: fc.integer({ min: 0, max: 5 }), after: fc.integer({ min: 0, max: 40 }) }),
    );
    fc.assert(
      fc.property(steps, (taken) => {
        let now = 0;
        const memory = createNonceMemory({ windowMs: 50, most: 100, now: () => now });
        const seen = new Map<number, number>();
        for (const { nonce, after } of taken) {
          now += after;
          const before = seen.get(nonce);
          const isNew = memory.take(String(nonce));
          if (before !== undefined && now - before <= 100) expect(isNew).toBe(false);
          else expect(isNew).toBe(true);
          if (isNew) seen.set(nonce, now);
        }
      }),
    );
  });

  it('are never forgotten to make room', () => {
    let now = 0;
    const memory = createNonceMemory({ windowMs: 50, most: 2, now: () => now });
    expect([memory.take('a'), memory.take('b')]).toEqual([true, true]);
    expect(() => memory.take('c')).toThrowError(expect.objectContaining({ code: 'rate_limited' }));
    expect(memory.take('a')).toBe(false);
    now = 101;
    expect(memory.take('c')).toBe(true);
  });
});

describe('limits', () => {
  it('are the smaller ones of both sides, and never more than one’s own', () => {
    const limits = fc.record({ callMs: fc.nat(), outputBytes: fc.nat(), guestBytes: fc.nat() });
    fc.assert(
      fc.property(limits, limits, (own, theirs) => {
        const [a, b] = [
          { ...DEFAULT_LIMITS, ...own },
          { ...DEFAULT_LIMITS, ...theirs },
        ];
        const both = smallerLimits(a, toWireLimits(b));
        for (const name of Object.keys(both) as (keyof typeof both)[])
          expect(both[name]).toBe(Math.min(a[name], b[name]));
      }),
    );
  });

  it('stay one’s own where nonsense is sent', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (nonsense) => {
        const both = smallerLimits(DEFAULT_LIMITS, nonsense as Json);
        for (const [name, value] of Object.entries(both)) {
          expect(value).toBeLessThanOrEqual(DEFAULT_LIMITS[name as keyof typeof DEFAULT_LIMITS]);
        }
      }),
    );
  });
});

it.each([
  ['a load', parseLoadRequest],
  ['a run', parseRunRequest],
  ['a question', parseAskRequest],
  ['the answer to a load', parseLoadAnswer],
  ['the answer to a run', parseRemoteAnswer],
])('nonsense in place of %s is refused, and does not fall over', (_what, parse) => {
  const key = fc.constantFrom(
    'file',
    'limits',
    'agents',
    'status',
    'notes',
    'ask',
    'error',
    'context',
    'args',
    'call_id',
  );
  const value = fc.oneof(fc.jsonValue(), fc.constantFrom('ok', 'failed', 'unknown'));
  fc.assert(
    fc.property(fc.oneof(fc.jsonValue(), fc.dictionary(key, value)), (nonsense) => {
      try {
        parse(nonsense as Json);
      } catch (error) {
        expect(error).toBeInstanceOf(PypesError);
        expect(['invalid_request', 'agent_broken']).toContain((error as PypesError).code);
      }
    }),
  );
});

it('base64 gives back the bytes', () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      expect([...(decodeBase64(encodeBase64(bytes)) ?? [])]).toEqual([...bytes]);
    }),
  );
  expect(decodeBase64('*')).toBeUndefined();
});

it('its paths are told from others', () => {
  expect(isRemotePath('https://a.example/api/remote/run')).toBe(true);
  expect(isRemotePath('https://a.example/api/pack/x?y=/api/remote/')).toBe(false);
});
