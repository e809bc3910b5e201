// Measures the WIT text parser against cases laid out as in wasm-tools' crates/wit-parser/tests/ui:
// `node scripts/measure-wit.ts [FOLDER]` prints what falls short, then `N of M` hold.
import { readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { renderWitError, WitError } from '../packages/wit/src/text/index.ts';
import { findCases, type WitCase } from '../packages/wit/src/text/testing/cases.ts';
import { prefixOf } from '../packages/wit/src/text/testing/prefix.ts';
import { resolveCase } from '../packages/wit/src/text/testing/resolve-case.ts';

const folder = process.argv[2] ?? `${process.env.PYPES_TEST_DATA ?? '../shared/data'}/wit`;
const cases = findCases(folder);

/** Why a case falls short; undefined where it holds. */
const shortfall = (test: WitCase): string | undefined => {
  try {
    const resolved = resolveCase(test);
    if (test.mustFail) return 'was accepted';
    return isDeepStrictEqual(plain(resolved), JSON.parse(readFileSync(test.golden!, 'utf8')))
      ? undefined
      : 'resolved differently';
  } catch (error) {
    if (!(error instanceof WitError)) return `threw ${String(error)}`;
    if (!test.mustFail) return renderWitError(error);
    if (test.golden === undefined) return undefined;
    const wanted = readFileSync(test.golden, 'utf8').split('\n')[0]!;
    const message = prefixOf(test, error) + error.message;
    return message === wanted || renderWitError(error).split('\n')[0] === wanted
      ? undefined
      : `said ${message}\n    not ${wanted}`;
  }
};

const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

let held = 0;
for (const test of cases) {
  const why = shortfall(test);
  if (why === undefined) held++;
  else console.log(`${test.name}: ${why}`);
}
console.log(`${held} of ${cases.length} hold`);
process.exitCode = held === cases.length ? 0 : 1;
