// Tool names over many packs: unique, safe, the same whatever the order, and not to be taken from anybody.
import { isToolSafe } from '@pypes/contract';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Claim, nameTools } from './names.ts';

const NONE = new Set<string>();
const A = 'aaaaaaaa-0000-4000-8000-000000000001';
const B = 'bbbbbbbb-0000-4000-8000-000000000002';
const F = 'ffffffff-0000-4000-8000-00000000000f';
const claim = (guid: string, alias: string, operators = false): Claim => ({ guid, alias, operators });
const namesOf = (claims: readonly Claim[], reserved: ReadonlySet<string> = NONE) =>
  Object.fromEntries([...nameTools(claims, reserved)].map(([name, { guid }]) => [name, guid]));

test('a name that one pack alone asks for is its own', () => {
  expect(namesOf([claim(B, 'echo'), claim(A, 'add')])).toEqual({ add: A, echo: B });
});

test('of deployed packs with one name, each gets its guid, whoever came first', () => {
  expect(namesOf([claim(B, 'echo'), claim(A, 'echo')])).toEqual({ echo_aaaaaaaa: A, echo_bbbbbbbb: B });
});

test('folders of the operator keep theirs, in the order given', () => {
  expect(namesOf([claim(F, 'echo', true), claim(B, 'echo', true), claim(A, 'echo')])).toEqual({
    echo: F,
    echo_aaaaaaaa: A,
    echo_bbbbbbbb: B,
  });
});

test('a stranger cannot look like another pack’s agent', () => {
  const attack = claim(A, 'echo_bbbbbbbb');
  const names = namesOf([attack, claim(A, 'echo'), claim(B, 'echo')]);
  expect(names.echo_bbbbbbbb).toBe(B);
  expect(namesOf([attack]).echo_bbbbbbbb).toBeUndefined();
});

test('reserved names are nobody’s', () => {
  const names = nameTools([claim(F, 'search_tools', true), claim(A, 'search_tools')], new Set(['search_tools']));
  expect([...names.keys()]).toEqual(['search_tools_aaaaaaaa', 'search_tools_ffffffff']);
});

test('every claim has one safe name, and deployed packs the same in any order', () => {
  const guid = fc.uuid();
  const alias = fc.oneof(
    fc.constantFrom('a', 'b', 'a_aaaaaaaa', 'x'.repeat(64)),
    fc.stringMatching(/^[a-zA-Z0-9_-]{1,64}$/),
  );
  const packs = fc.uniqueArray(fc.record({ guid, aliases: fc.uniqueArray(alias, { maxLength: 4 }) }), {
    maxLength: 6,
    selector: (pack) => pack.guid,
  });
  fc.assert(
    fc.property(packs, fc.func(fc.nat()), (all, rank) => {
      const claims = all.flatMap(({ guid: of, aliases }) => aliases.map((one) => claim(of, one)));
      const named = nameTools(claims, NONE);
      expect(new Set(named.values()).size).toBe(claims.length);
      expect([...named.keys()].every(isToolSafe)).toBe(true);
      const shuffled = claims.toSorted((a, b) => rank(a) - rank(b));
      expect(namesOf(shuffled)).toEqual(namesOf(claims));
    }),
  );
});
