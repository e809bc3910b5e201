// The cases of wasm-tools' own tests: what it resolves them to, and how it says what is wrong.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { renderWitError, WitError } from './index.ts';
import { findCases } from './testing/cases.ts';
import { prefixOf } from './testing/prefix.ts';
import { resolveCase } from './testing/resolve-case.ts';

const root = join(dirname(fileURLToPath(import.meta.url)), '../../../..');
const folder = resolve(root, process.env.PYPES_TEST_DATA ?? '../shared/data', 'wit');
const isMissing = !existsSync(folder);
const cases = isMissing ? [] : findCases(folder);

describe.skipIf(isMissing)(`goldens${isMissing ? ` (skipped: no ${folder})` : ''}`, () => {
  it.each(cases.filter((test) => !test.mustFail))('$name resolves as in wasm-tools', (test) => {
    const resolved = JSON.parse(JSON.stringify(resolveCase(test)));
    const golden = JSON.parse(readFileSync(test.golden!, 'utf8'));
    expect(resolved).toEqual(golden);
    expect(keysIn(resolved)).toEqual(keysIn(golden));
  });

  it.each(cases.filter((test) => test.mustFail))('$name fails as in wasm-tools', (test) => {
    const error = errorOf(() => resolveCase(test));
    expect(error).toBeInstanceOf(WitError);
    if (test.golden === undefined || !(error instanceof WitError)) return;
    expect(prefixOf(test, error) + renderWitError(error)).toBe(readFileSync(test.golden, 'utf8'));
  });
});

const errorOf = (work: () => unknown): unknown => {
  try {
    work();
    return undefined;
  } catch (error) {
    return error;
  }
};

// The order of imports, exports, types and functions matters; that of the fields of an item does not.
const keysIn = (wit: Wit) => [
  wit.worlds.map(({ imports, exports }) => [Object.keys(imports), Object.keys(exports)]),
  wit.interfaces.map(({ types, functions }) => [Object.keys(types), Object.keys(functions)]),
  wit.packages.map(({ interfaces, worlds }) => [Object.keys(interfaces), Object.keys(worlds)]),
];

type Wit = {
  readonly worlds: readonly { readonly imports: object; readonly exports: object }[];
  readonly interfaces: readonly { readonly types: object; readonly functions: object }[];
  readonly packages: readonly { readonly interfaces: object; readonly worlds: object }[];
};
