// Names of tenants: what is one, and that no two share a place on any disk.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tenantPart, toTenant } from './tenant.ts';

const LETTERS = 'ABCXYZabcxyz0189._-'.split('');
const names = fc.string({ unit: fc.constantFrom(...LETTERS), minLength: 1, maxLength: 64 });

describe('a tenant', () => {
  it('is named with letters, digits, dots, underscores and dashes, or is none', () => {
    fc.assert(fc.property(names, (name) => toTenant(name) === name));
    expect([toTenant(undefined), toTenant('')]).toEqual([undefined, undefined]);
    for (const wrong of [' ', 'a b', 'a/b', 'ä', 'a\n', '\0', 'x'.repeat(65), 'a=b']) {
      expect(() => toTenant(wrong)).toThrow(expect.objectContaining({ code: 'invalid_request' }));
    }
  });

  it('has a place that no other name has, also where case does not count', () => {
    fc.assert(
      fc.property(names, names, (one, other) => {
        const [a, b] = [tenantPart(one).toLowerCase(), tenantPart(other).toLowerCase()];
        expect(a === b).toBe(one === other);
        expect(a).toMatch(/^t-[a-z0-9_=-]+$/);
        expect(a.length).toBeLessThanOrEqual(130);
      }),
      { examples: [['A', 'a'], ['.', '..'], ['=_', '.'].map((name) => name.replace('=', '-')) as [string, string]] },
    );
    expect(() => tenantPart('')).toThrow(expect.objectContaining({ code: 'invalid_request' }));
  });
});
