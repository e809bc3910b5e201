// Searching gives what the engine's own search gives, also where that would take hours.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { compileProgram } from '../../index.ts';
import { firstIndex, lastIndex, splitText } from './find.ts';

const meter = { charge: () => undefined, allocate: () => undefined } as unknown as Parameters<typeof firstIndex>[0];

/** Long enough that our own search is used, with a part that comes in it, or nearly does. */
const searched = fc
  .tuple(
    fc.string({ unit: fc.constantFrom('a', 'b', 'é', '😀'), minLength: 1, maxLength: 4 }),
    fc.integer({ min: 4_200, max: 5_000 }),
    fc.integer({ min: 4_100, max: 4_190 }),
    fc.constantFrom('', 'a', 'b', 'x'),
    fc.constantFrom('', 'a', 'b', 'x'),
  )
  .map(([unit, most, least, before, after]) => {
    const part = before + unit.repeat(least).slice(0, least) + after;
    return { text: `${unit.repeat(most)}${part}${unit.repeat(3)}${part}${unit}`, part };
  });

it('finds what the engine finds', () => {
  fc.assert(
    fc.property(searched, ({ text, part }) => {
      expect(text.length * part.length).toBeGreaterThan(2 ** 24);
      expect(firstIndex(meter, text, part)).toBe(text.indexOf(part));
      expect(lastIndex(meter, text, part)).toBe(text.lastIndexOf(part));
      expect(splitText(meter, text, part)).toEqual(text.split(part));
    }),
    { numRuns: 60 },
  );
});

it('of short texts too', () => {
  const short = fc.string({ unit: fc.constantFrom('a', 'b', 'é'), maxLength: 12 });
  fc.assert(
    fc.property(short, short, (text, part) => {
      expect(firstIndex(meter, text, part)).toBe(text.indexOf(part));
      expect(lastIndex(meter, text, part)).toBe(text.lastIndexOf(part));
      expect(splitText(meter, text, part)).toEqual(text.split(part));
    }),
  );
});

// With the engine's own search each of these takes minutes, during which the host answers nobody.
it.each(['string-last-index', 'string-index', 'string-contains?'])(
  '%s ends soon where nearly everything fits',
  (name) => {
    const source = `(define text (string-repeat "a" 4000000)) (define part (string-append (string-repeat "a" 60000) "b"))
    (${name} text (if (equal? "${name}" "string-last-index") part (string-append "b" part)))`;
    expect([-1, false]).toContain(compileProgram(source).instantiate().runSync());
  },
);
