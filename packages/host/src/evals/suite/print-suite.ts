// A suite → text, without what reading it fills in anyway: what it is read back as is the same suite.
import type { Json, JsonObject } from '@pypes/contract';
import { stringify } from 'yaml';
import type { ScorerSpec, Suite, SuiteCase, SuiteFormat } from './suite.ts';

/** The text of a suite, with a line break at its end. */
export function printSuite(suite: Suite, format: SuiteFormat): string {
  const { cases, ...rest } = suite;
  const plain: JsonObject = { ...rest, gate: { ...suite.gate }, cases: cases.map(toPlainCase) };
  return format === 'json'
    ? `${JSON.stringify(plain, null, 2)}\n`
    : stringify(plain, { aliasDuplicateObjects: false, schema: 'core', version: '1.2' });
}

/** A case as people write it. */
export function toPlainCase({ id, input, expect, scorer, combine, pass_score, tags }: SuiteCase): JsonObject {
  return {
    id,
    input,
    ...(expect === undefined ? {} : { expect }),
    ...(isDefault(scorer, expect) ? {} : { scorer: toPlainScorers(scorer) }),
    ...(combine === 'average' ? {} : { combine }),
    ...(pass_score === 1 ? {} : { pass_score }),
    ...(tags.length === 0 ? {} : { tags }),
  };
}

function isDefault(scorers: readonly ScorerSpec[], expect: Json | undefined): boolean {
  const [first] = scorers;
  return scorers.length === 1 && expect !== undefined && first?.use === 'exact' && Object.keys(first).length === 1;
}

function toPlainScorers(scorers: readonly ScorerSpec[]): Json {
  const plain = scorers.map((spec): Json => (Object.keys(spec).length === 1 ? spec.use : { ...spec }));
  return plain.length === 1 ? (plain[0] as Json) : plain;
}
