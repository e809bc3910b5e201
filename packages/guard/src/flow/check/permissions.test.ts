// Permissions within permissions: what is covered is let through by the wider rule too.
import { findNetworkRule, parseNetworkRule } from '@pypes/contract';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { coversRule, excessOf } from './permissions.ts';

const rules = fc
  .tuple(
    fc.constantFrom('', 'GET ', 'GET,POST '),
    fc.constantFrom('', 'private:'),
    fc.constantFrom('*', 'a.example', '*.a.example', '*.b.a.example', 'b.a.example', '127.0.0.1'),
    fc.constantFrom('', ':443', ':8080', ':*'),
  )
  .map((parts) => parts.join(''));
const targets = fc.record({
  method: fc.constantFrom('GET', 'POST', 'PUT'),
  host: fc.constantFrom('a.example', 'b.a.example', 'c.b.a.example', 'other.example', '127.0.0.1'),
  port: fc.constantFrom(80, 443, 8080),
});

test('what a covered rule lets through, the wider one lets through', () => {
  fc.assert(
    fc.property(rules, rules, targets, (wide, narrow, target) => {
      const [outer, inner] = [parseNetworkRule(wide), parseNetworkRule(narrow)];
      if (!coversRule(outer, inner) || findNetworkRule([inner], target) === undefined) return;
      expect(findNetworkRule([outer], target)).toBeDefined();
      expect(outer.private || !inner.private).toBe(true);
    }),
    { numRuns: 2_000 },
  );
});

test('excess is named permission by permission', () => {
  expect(
    excessOf(
      { network: ['a.example:443', 'b.example'], memory: 'read-write', vault: ['A', 'B'], ai: true },
      { network: ['*.example:443', 'b.example'], memory: 'read', vault: ['A'] },
    ),
  ).toEqual([
    { permission: 'memory', part: 'write' },
    { permission: 'vault', part: 'B' },
    { permission: 'ai', part: 'true' },
  ]);
  expect(excessOf({}, {})).toEqual([]);
});
