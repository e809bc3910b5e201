// Laws that hold for any text.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { renderWitError, WitError } from './index.ts';
import { readTokens } from './lex/lexer.ts';
import { parseOne } from './testing/parse-one.ts';

const words =
  'package a:b; a:b/c interface i world w use include with as { } ( ) < > , : ; . = @ - -> / * % _ 1.0.0 "x" // /* */ type record variant enum flags resource constructor func async static list option result tuple map own borrow future stream u8 string t r f import export @since(version @unstable(feature @external-id( \n é 😼 $'.split(
    ' ',
  );
const soup = fc.array(fc.constantFrom(...words), { maxLength: 60 }).map((list) => list.join(' '));
const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  soup,
  soup.map((inner) => `package a:b; interface i { ${inner} }`),
  soup.map((inner) => `package a:b; world w { ${inner} }`),
);

/** Throws for anything but a result or a WitError with a place inside the text. */
const holds = (source: string): void => {
  try {
    const { types, interfaces, worlds, packages } = parseOne(source, { features: 'all' });
    for (const { owner } of types) {
      if (owner !== null)
        expect('interface' in owner ? interfaces[owner.interface] : worlds[owner.world]).toBeDefined();
    }
    for (const item of [...interfaces, ...worlds]) expect(packages[item.package]).toBeDefined();
  } catch (error) {
    if (!(error instanceof WitError)) throw error;
    expect(renderWitError(error)).toContain(error.message);
    expect(error.message).not.toContain('\n');
    if (error.line === undefined) return;
    const lines = source.split('\n');
    expect(error.line).toBeLessThanOrEqual(lines.length);
    expect(error.column).toBeLessThanOrEqual([...lines[error.line - 1]!].length + 1);
  }
};

describe('any text', () => {
  it('gives resolved WIT or a WitError with a place in it', () => {
    fc.assert(fc.property(text, holds), { numRuns: 2_000 });
  });

  it('is covered by its tokens in order', () => {
    fc.assert(
      fc.property(soup, (source) => {
        const { starts, ends, kinds } = readTokens({ path: 'x', text: source });
        expect(kinds).toHaveLength(starts.length);
        for (const [index, start] of starts.entries()) {
          expect(start).toBeGreaterThanOrEqual(ends[index - 1] ?? 0);
          expect(ends[index]).toBeGreaterThanOrEqual(start);
        }
      }),
    );
  });
});

const root = join(dirname(fileURLToPath(import.meta.url)), '../../../..');
const folder = resolve(root, process.env.PYPES_TEST_DATA ?? '../shared/data', 'wit');
const isMissing = !existsSync(folder);

describe.skipIf(isMissing)(`the cases of wasm-tools${isMissing ? ` (skipped: no ${folder})` : ''}`, () => {
  const cases = isMissing
    ? []
    : readdirSync(folder)
        .filter((name) => name.endsWith('.wit'))
        .map((name) => readFileSync(join(folder, name), 'utf8'));

  it('may lose or double any piece', () => {
    const cut = fc.record({
      text: fc.constantFrom(...cases),
      at: fc.nat(),
      length: fc.nat({ max: 20 }),
      again: fc.boolean(),
    });
    fc.assert(
      fc.property(cut, ({ text: source, at, length, again }) => {
        const start = at % (source.length + 1);
        const piece = source.slice(start, start + length);
        holds(source.slice(0, start) + (again ? piece + piece : '') + source.slice(start + length));
      }),
      { numRuns: 1_000 },
    );
  });

  it('mean the same with other spaces and line ends', () => {
    fc.assert(
      fc.property(fc.constantFrom(...cases), (source) => {
        expect(JSON.stringify(outcome(source.replaceAll('\n', '\r\n')))).toBe(JSON.stringify(outcome(source)));
      }),
    );
  });
});

const outcome = (source: string): unknown => {
  try {
    return parseOne(source);
  } catch (error) {
    return error instanceof WitError ? [error.message, error.line] : error;
  }
};
