// Measures the WIT text parser against cases laid out as in wasm-tools' crates/wit-parser/tests/ui:
// `npm run measure:wit [FOLDER]` prints what falls short, then how many hold as `N of M`.
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { renderWitError, WitError } from '../packages/wit/src/text/index.ts';
import { findCases, type WitCase } from '../packages/wit/src/text/testing/cases.ts';
import { prefixOf } from '../packages/wit/src/text/testing/prefix.ts';
import { resolveCase } from '../packages/wit/src/text/testing/resolve-case.ts';

const shared = resolve(import.meta.dirname, '..', process.env.PYPES_TEST_DATA ?? '../shared/data', 'wit');

/** Why a case falls short; undefined where it holds. */
const shortfallOf = (test: WitCase): string | undefined => {
  try {
    const resolved = resolveCase(test);
    if (test.mustFail) return 'was accepted';
    const isGolden = isDeepStrictEqual(JSON.parse(JSON.stringify(resolved)), JSON.parse(read(test.golden)));
    return isGolden ? undefined : 'resolved differently';
  } catch (error) {
    if (!(error instanceof WitError)) return `threw ${String(error)}`;
    return test.mustFail ? shortfallOfError(test, error) : `failed: ${renderWitError(error)}`;
  }
};

const shortfallOfError = (test: WitCase, error: WitError): string | undefined => {
  if (test.golden === undefined) return undefined;
  // The first line has the place in it where a line of source would be too long to show.
  const [said] = (prefixOf(test, error) + renderWitError(error)).split('\n');
  const [wanted] = read(test.golden).split('\n');
  return said === wanted ? undefined : `said:   ${said}\n  wanted: ${wanted}`;
};

const read = (file: string | undefined): string => (file === undefined ? '' : readFileSync(file, 'utf8'));

const cases = findCases(process.argv[2] ?? shared);
let held = 0;
for (const test of cases) {
  const shortfall = shortfallOf(test);
  if (shortfall === undefined) held++;
  else console.log(`${test.name}: ${shortfall}`);
}
console.log(`${held} of ${cases.length}`);
process.exitCode = held === cases.length ? 0 : 1;
