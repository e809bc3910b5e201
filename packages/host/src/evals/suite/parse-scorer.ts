// Reads the scorers of a case: a name, an object with `use`, or a list of them.
import type { Json } from '@pypes/contract';
import { isPointer, valueAt } from '../pointer.ts';
import { type Fields, type Note, readFields } from './fields.ts';
import type { Path } from './read-document.ts';
import { SCORERS, type ScorerSpec, SUITE_LIMITS } from './suite.ts';

const LONGEST_NAME = 200;
const LONGEST_POINTER = 500;

/** The scorers; `exact` where none is named. */
export function parseScorers(
  value: Json | undefined,
  path: Path,
  expect: Json | undefined,
  note: Note,
): readonly ScorerSpec[] {
  if (value === undefined) return [{ use: 'exact' }];
  if (!Array.isArray(value)) return single(parseScorer(value, path, expect, note));
  if (value.length === 0 || value.length > SUITE_LIMITS.scorers) {
    note(path, `"scorer" takes a scorer, or a list of 1 to ${SUITE_LIMITS.scorers}, got ${value.length}`);
    return [];
  }
  return value.flatMap((each: Json, index) => single(parseScorer(each, [...path, index], expect, note)));
}

function single(spec: ScorerSpec | undefined): readonly ScorerSpec[] {
  return spec === undefined ? [] : [spec];
}

function parseScorer(value: Json, path: Path, expect: Json | undefined, note: Note): ScorerSpec | undefined {
  const fields = readFields(typeof value === 'string' ? { use: value } : value, path, 'A scorer', note);
  if (fields === undefined) return undefined;
  fields.need('use');
  const use = fields.oneOf('use', SCORERS);
  if (use === undefined) return undefined;
  const at = fields.text('at', LONGEST_POINTER);
  if (at !== undefined && !isPointer(at))
    note([...path, 'at'], `"at" takes a JSON pointer such as /total, got "${at}"`);
  const place = at === undefined ? {} : { at };
  const spec = READERS[use](fields, place, note, expect === undefined ? undefined : valueAt(expect, at ?? ''));
  fields.end();
  return spec;
}

type Read = (
  fields: Fields,
  place: { readonly at?: string },
  note: Note,
  expected: Json | undefined,
) => ScorerSpec | undefined;

const readComparison =
  (use: 'exact' | 'subset'): Read =>
  (fields, place, note, expected) => {
    const value = fields.any('value');
    if (value === undefined && expected === undefined) {
      note(fields.path, `"${use}" needs "value", or something in "expect" at the same place`);
    }
    return { use, ...place, ...(value === undefined ? {} : { value }) };
  };

const READERS: { readonly [use in ScorerSpec['use']]: Read } = {
  exact: readComparison('exact'),
  subset: readComparison('subset'),
  json_schema(fields, place) {
    fields.need('schema');
    const schema = fields.object('schema');
    return schema && { use: 'json_schema', ...place, schema };
  },
  regex(fields, place) {
    fields.need('pattern');
    const pattern = fields.text('pattern', SUITE_LIMITS.patternCharacters);
    return pattern === undefined ? undefined : { use: 'regex', ...place, pattern };
  },
  number_within(fields, place, note, expected) {
    const value = fields.number('value', Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY);
    const tolerance = fields.number('tolerance', 0, Number.POSITIVE_INFINITY);
    const relative = fields.number('relative', 0, Number.POSITIVE_INFINITY);
    if (!fields.has('value') && typeof expected !== 'number') {
      note(fields.path, '"number_within" needs "value", or a number in "expect" at the same place');
    }
    if (fields.has('tolerance') === fields.has('relative')) {
      note(fields.path, '"number_within" needs either "tolerance" or "relative"');
    }
    const wanted = { use: 'number_within', ...place, ...(value === undefined ? {} : { value }) } as const;
    if (tolerance !== undefined) return { ...wanted, tolerance };
    return relative === undefined ? undefined : { ...wanted, relative };
  },
  llm_judge(fields, place) {
    fields.need('criteria');
    const criteria = fields.text('criteria', SUITE_LIMITS.criteriaCharacters);
    const model = fields.text('model', LONGEST_NAME);
    return criteria === undefined
      ? undefined
      : { use: 'llm_judge', ...place, criteria, ...(model === undefined ? {} : { model }) };
  },
  agent(fields, place) {
    fields.need('agent');
    const agent = fields.text('agent', LONGEST_NAME);
    const pack = fields.text('pack', LONGEST_NAME);
    return agent === undefined ? undefined : { use: 'agent', ...place, agent, ...(pack === undefined ? {} : { pack }) };
  },
};
