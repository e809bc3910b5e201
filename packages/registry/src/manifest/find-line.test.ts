// Lines of keys: the same as a plain reading finds, and soon, whatever a stranger writes.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createFindLine } from './find-line.ts';
import { checkManifest } from './parse-manifest.ts';

/** As it is said: the longest key that the path is or begins with, where it stands first. Not for long lines. */
function plainly(text: string, path: string): number | undefined {
  const plain = (key: string) => key.replace(/["']/g, '').replace(/\s*\.\s*/g, '.');
  let table = '';
  let best: { readonly line: number; readonly length: number } | undefined;
  for (const [index, line] of text.split('\n').entries()) {
    const header = /^\s*\[\[?\s*([^\]]+?)\s*\]\]?/.exec(line)?.[1];
    const key = /^\s*((?:"[^"]*"|'[^']*'|[A-Za-z0-9_-]+)(?:\s*\.\s*(?:"[^"]*"|'[^']*'|[A-Za-z0-9_-]+))*)\s*=/.exec(
      line,
    )?.[1];
    if (header !== undefined) table = plain(header);
    if (header === undefined && key === undefined) continue;
    const here = header !== undefined ? table : `${table === '' ? '' : `${table}.`}${plain(key as string)}`;
    if (path !== here && !path.startsWith(`${here}.`)) continue;
    if (best === undefined || here.length > best.length) best = { line: index + 1, length: here.length };
  }
  return best?.line;
}

describe('createFindLine', () => {
  const name = fc.constantFrom('a', 'b', 'ab', '"a"', "'b'", '"a b"', '" a"', '"a.b"');
  const blank = fc.constantFrom('', ' ', '\t ', '   ');
  const key = fc
    .array(fc.tuple(blank, name, blank), { minLength: 1, maxLength: 3 })
    .map((parts) => parts.map((part) => part.join('')).join('.'));
  const line = fc.oneof(
    key.map((text) => `[${text}]`),
    key.map((text) => `  [[${text}]]  # more`),
    fc.tuple(key, blank).map(([text, space]) => `${text}${space}= 1`),
    fc.string({ unit: fc.constantFrom('"', "'", 'a', '.', '=', ' ', ']', '#', '\r'), maxLength: 12 }),
  );
  const path = fc.array(fc.constantFrom('a', 'b', 'ab', 'a b', ' a'), { minLength: 1, maxLength: 5 });

  it('finds what a plain reading finds', () => {
    fc.assert(
      fc.property(fc.array(line, { maxLength: 8 }), path, (lines, parts) => {
        const text = lines.join('\n');
        expect(createFindLine(text)(parts.join('.'))).toBe(plainly(text, parts.join('.')));
      }),
      { numRuns: 2_000 },
    );
  });

  // Before each line was read in one go, the first of these would have taken hours.
  it('ends where a line is long and is nothing', () => {
    const long = 60_000;
    const lines = [
      `[${' '.repeat(long)}`,
      `[${'a '.repeat(long / 2)}`,
      `"${' '.repeat(long)}" = 1`,
      `a${' '.repeat(long)}`,
      'a . '.repeat(long / 4),
      `${'"a".'.repeat(long / 4)}"`,
      `[${'a.'.repeat(long / 2)}a]`,
    ];
    const find = createFindLine(lines.join('\n'));
    expect([find('a.b'), find(' '.repeat(long)), find(`${'a.'.repeat(long)}b`)]).toEqual([undefined, 3, 7]);
  });

  it('reads a manifest once, however many faults it has', () => {
    const sections = Array.from({ length: 7_000 }, (_, index) => `[a${index}]`);
    const { violations } = checkManifest(sections.join('\n'));
    expect(violations[6_999]).toMatchObject({ path: 'a6999', line: 7_000 });
    const hidden = `[package]\nname = """\n[${' '.repeat(60_000)}\n"""\n`;
    expect(checkManifest(hidden).violations.length).toBeGreaterThan(0);
  });
});
