// Patterns with stars: against a plain definition, and against texts that make bad matchers slow.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { compilePattern } from './match.ts';

/** What a pattern means, one character at a time. */
function means(pattern: string, text: string): boolean {
  if (pattern === '') return text === '';
  if (pattern[0] === '*') return means(pattern.slice(1), text) || (text !== '' && means(pattern, text.slice(1)));
  return text !== '' && pattern[0] === text[0] && means(pattern.slice(1), text.slice(1));
}

it('matches what a pattern means', () => {
  const letters = fc.array(fc.constantFrom('a', 'b', '.'), { maxLength: 8 }).map((all) => all.join(''));
  const patterns = fc.array(fc.constantFrom('a', 'b', '.', '*'), { maxLength: 6 }).map((all) => all.join(''));
  fc.assert(
    fc.property(patterns, letters, (pattern, text) => {
      expect(compilePattern(pattern)(text)).toBe(means(pattern, text));
    }),
    { numRuns: 2_000 },
  );
});

it('does not get lost in stars', () => {
  expect(compilePattern(`${'*a'.repeat(200)}*b`)('a'.repeat(20_000))).toBe(false);
});
