// Every pattern is linear: what could not be is refused, and what is shipped is counted, step by step.
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { RECOGNISERS } from '../recognisers/table.ts';
import { type Automaton, MOST_CHARACTERS, MOST_STATES, matchEnds, prefixOf, toAutomaton } from './automaton.ts';
import { BEYOND, isIn } from './char-set.ts';
import { CHUNK } from './chunk.ts';
import { branchesOf } from './compiled.ts';
import { parseCharSet, parsePattern } from './parse.ts';
import { createPrefilter } from './prefilter.ts';

describe('the pattern language', () => {
  it.each([
    ['an unbounded quantifier', 'a*'],
    ['another one', 'a+'],
    ['a third one', 'a{2,}'],
    ['nested unbounded quantifiers', '(?:a+)+'],
    ['ambiguous unbounded quantifiers', '(?:a|a)*'],
    ['a back reference', '(?:a)\\1'],
    ['a group that captures', '(a)'],
    ['a look ahead', '(?=a)a'],
    ['a look behind', '(?<!a)a'],
    ['a word boundary', '\\ba'],
    ['an anchor', '^a'],
    ['another anchor', 'a$'],
    ['any character', 'a.b'],
    ['a range that is backwards', '[z-a]'],
    ['a class without an end', '[a'],
    ['a group without an end', '(?:a'],
    ['too many repeats', 'a{513}'],
    ['repeats that are backwards', 'a{3,2}'],
  ])('refuses %s', (_what, pattern) => {
    expect(() => parsePattern(pattern)).toThrow(expect.objectContaining({ code: 'invalid_request' }));
  });

  it.each([
    ['repeats within repeats that match too much', '(?:[a-z]{1,40}){1,40}'],
    ['nothing', 'a?'],
    ['more states than there may be', `(?:${'[ab]{1,14}a'}[ab]{12}){1,3}|c`],
  ])('has no automaton for what matches %s', (_what, pattern) => {
    expect(() => toAutomaton(parsePattern(pattern))).toThrow(expect.objectContaining({ code: 'invalid_request' }));
  });

  it('says which sets it means', () => {
    expect(isIn(parseCharSet('[^a-c]'), 'b', 0)).toBe(false);
    expect(isIn(parseCharSet('[^a-c]'), 'é', 0)).toBe(true);
    expect(isIn(parseCharSet('(?i:[x])'), 'X', 0)).toBe(true);
    expect(isIn(parseCharSet('[a\\]-]'), '-', 0)).toBe(true);
    expect(() => parseCharSet('ab')).toThrow();
  });

  const piece = fc.constantFrom(
    'a',
    'b',
    '[ab]',
    '[^a]',
    'a?',
    'b{2}',
    'a{1,3}',
    '(?:a|bb)',
    '(?:ab?){1,2}',
    '(?i:a)',
    'c',
  );
  const pattern = fc.array(fc.array(piece, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 3 });
  const text = fc.string({ unit: fc.constantFrom('a', 'b', 'c', 'A'), maxLength: 12 });

  it('means what regular expressions mean', () => {
    fc.assert(
      fc.property(pattern, text, (alternatives, subject) => {
        const source = `c${alternatives.map((items) => items.join('')).join('|c')}`;
        const ends: number[] = [];
        matchEnds(toAutomaton(parsePattern(source)), subject, 0, ends);
        // A regular expression of old knows no (?i:…): here that letter is all that it is used on.
        const peer = new RegExp(`^(?:${source.replaceAll('(?i:a)', '[aA]')})$`);
        const expected = Array.from({ length: subject.length + 1 }, (_, end) => end).filter((end) =>
          peer.test(subject.slice(0, end)),
        );
        expect(ends).toEqual(expected);
      }),
    );
  });

  it('begins a match only with what the prefix allows, and finds every place where one begins', () => {
    fc.assert(
      fc.property(pattern, text, (alternatives, subject) => {
        const parsed = parsePattern(`a${alternatives.map((items) => items.join('')).join('|a')}`);
        const prefix = prefixOf(parsed, 4);
        const found = new Set<number>();
        createPrefilter([{ prefix }]).sweep(subject, (_, start) => found.add(start));
        const automaton = toAutomaton(parsed);
        for (let start = 0; start < subject.length; start++) {
          const ends: number[] = [];
          matchEnds(automaton, subject, start, ends);
          if (ends.length > 0) expect(found).toContain(start);
        }
      }),
    );
  });
});

describe('the first pass', () => {
  const unit = fc.constantFrom('a', 'b', '1', '2', ' ', '%', 'é', '\u{1d7d2}', '\ud800');
  const set = fc.constantFrom('[a]', '[ab]', '[0-9]', '[^a]', '[^0-9]').map(parseCharSet);
  const trigger = fc.record({
    prefix: fc.array(set, { minLength: 1, maxLength: 4 }),
    after: fc.constantFrom('[^b]', '[ ]'),
  });
  const triggers = fc.array(
    trigger.map(({ prefix, after }) => ({ prefix, after: parseCharSet(after) })),
    { minLength: 1, maxLength: 4 },
  );
  const marked = parseCharSet('[%]').map((member, symbol) => (symbol === BEYOND ? 1 : member));
  // Before the text stands so much else that it lies across the border of two chunks, or behind it.
  const before = fc
    .constantFrom('', 'b', 'a', '1 ', 'é')
    .chain((one) =>
      fc.integer({ min: CHUNK - 40, max: CHUNK + 8 }).map((length) => one.repeat(length).slice(0, length)),
    );
  const subject = fc
    .tuple(fc.oneof(fc.constant(''), before), fc.string({ unit, maxLength: 120 }))
    .map((parts) => parts.join(''));

  it('finds every place where each trigger stands, every marked character, and nothing else', () => {
    fc.assert(
      fc.property(triggers, subject, (wanted, text) => {
        const found: string[] = [];
        const places = new Set<number>();
        createPrefilter(wanted, marked).sweep(
          text,
          (number, start) => found.push(`${number} at ${start}`),
          (start, end) => {
            for (let at = start; at < end; at++) if (isIn(marked, text, at)) places.add(at);
          },
        );
        const expected = wanted.flatMap(({ prefix, after }, number) =>
          Array.from({ length: text.length }, (_, start) => start).flatMap((start) => {
            const stands = prefix.every((one, place) => isIn(one, text, start + place));
            return stands && (start === 0 || isIn(after, text, start - 1)) ? [`${number} at ${start}`] : [];
          }),
        );
        expect(found.toSorted()).toEqual(expected.toSorted());
        expect([...places]).toEqual(
          Array.from({ length: text.length }, (_, at) => at).filter((at) => isIn(marked, text, at)),
        );
      }),
      { numRuns: 200 },
    );
  });
});

const BRANCHES = RECOGNISERS.flatMap((row) =>
  branchesOf(row).map((branch, n) => [`${row.id} ${row.rule ?? ''} ${n}`, branch] as const),
);

describe('the shipped patterns', () => {
  test.each(BRANCHES)('%s has a small automaton without loops', (_name, branch) => {
    const automaton = branch.automaton();
    expect(automaton.states).toBeLessThanOrEqual(MOST_STATES);
    expect(automaton.longest).toBeLessThanOrEqual(MOST_CHARACTERS);
    // The longest way through the table is the proof: a loop would have none, and each step reads one character.
    expect(longestWay(automaton)).toBe(automaton.longest);
  });

  test.each(BRANCHES)('%s takes no more steps at any start than its longest match has characters', (_name, branch) => {
    const automaton = branch.automaton();
    for (const text of hostileTexts(automaton, 2_000)) {
      for (let start = 0; start < text.length; start++) {
        expect(matchEnds(automaton, text, start, [])).toBeLessThanOrEqual(automaton.longest + 1);
      }
    }
  });
});

/** The number of characters on the longest way from the first state; throws where there is a loop. */
function longestWay({ next, width, states }: Automaton): number {
  const known = new Map<number, number>();
  const open = new Set<number>();
  const visit = (state: number): number => {
    const value = known.get(state);
    if (value !== undefined) return value;
    if (open.has(state)) throw new Error(`State ${state} of ${states} is on a loop`);
    open.add(state);
    let longest = 0;
    for (let column = 0; column < width; column++) {
      const to = next[state * width + column] as number;
      if (to >= 0) longest = Math.max(longest, 1 + visit(to));
    }
    open.delete(state);
    known.set(state, longest);
    return longest;
  };
  return visit(0);
}

/** A longest match, one that fails at its last character, and its beginnings, each over and over. */
function hostileTexts(automaton: Automaton, length: number): readonly string[] {
  const match = longestMatch(automaton);
  const units = [
    match,
    `${match.slice(0, -1)}\u0001`,
    match.slice(0, 1),
    match.slice(0, 4),
    match.slice(0, Math.ceil(match.length / 2)),
  ];
  return units.map((unit) => unit.repeat(Math.ceil(length / unit.length)));
}

function longestMatch({ next, width, classOf, longest }: Automaton): string {
  const ways = new Map<number, number>();
  const way = (state: number): number => {
    let best = ways.get(state);
    if (best !== undefined) return best;
    best = 0;
    for (let column = 0; column < width; column++) {
      const to = next[state * width + column] as number;
      if (to >= 0) best = Math.max(best, 1 + way(to));
    }
    ways.set(state, best);
    return best;
  };
  let text = '';
  let state = 0;
  while (text.length < longest) {
    const left = longest - text.length;
    const column = Array.from({ length: width }, (_, n) => n).find((n) => {
      const to = next[state * width + n] as number;
      return to >= 0 && 1 + way(to) === left;
    }) as number;
    text += String.fromCharCode(classOf.lastIndexOf(column, 127));
    state = next[state * width + column] as number;
  }
  return text;
}
