// Every recogniser finds its samples and leaves alone what only looks like them.
import type { Json } from '@pypes/contract';
import { describe, expect, test } from 'vitest';
import { createScanner, DETECTABLE } from '../scanner.ts';
import { RECOGNISERS } from './table.ts';

const everything = createScanner({ detect: DETECTABLE });
const HITS = RECOGNISERS.flatMap((row) => row.hits.map((text) => [row.id, row.rule, text] as const));
const MISSES = RECOGNISERS.flatMap((row) => row.misses.map((text) => [row.id, row.rule, text] as const));

/** A sample that is an object is one. */
function sampleOf(text: string): Json {
  return text.startsWith('{') ? (JSON.parse(text) as Json) : text;
}

describe('recognisers', () => {
  test.each(HITS)('%s %s is in %s', (id, rule, text) => {
    const found = everything.scan(sampleOf(text)).filter((finding) => finding.id === id && finding.rule === rule);
    expect(found.length).toBeGreaterThan(0);
  });

  test.each(MISSES)('%s %s is not in %s', (id, rule, text) => {
    const found = createScanner({ detect: [id] }).scan(sampleOf(text));
    expect(found.filter((finding) => finding.rule === rule)).toEqual([]);
  });

  test.each(RECOGNISERS.map((row) => [row.id, row.rule, row] as const))(
    '%s %s has samples of both kinds',
    (_id, _rule, row) => {
      expect(row.hits.length).toBeGreaterThan(0);
      expect(row.misses.length).toBeGreaterThan(0);
    },
  );

  test('an unknown name is refused', () => {
    expect(() => createScanner({ detect: ['payment-cards'] })).toThrow(
      expect.objectContaining({ code: 'invalid_request' }),
    );
  });
});
