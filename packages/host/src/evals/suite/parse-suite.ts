// A suite's text → a suite: everything that is wrong with it at once, each with its line and column (spec 5, Eval).
import { fitsJsonSize, isTooDeep, type Json, PypesError } from '@pypes/contract';
import { type Fields, type Note, readFields, shown } from './fields.ts';
import { parseScorers } from './parse-scorer.ts';
import { type Fault, type Path, readDocument } from './read-document.ts';
import { type Gate, SUITE_LIMITS, type Suite, type SuiteCase, type SuiteFormat } from './suite.ts';

const LONGEST_NAME = 200;
const LONGEST_REFERENCE = 1000;
const MOST_IN_MESSAGE = 20;

/**
 * Parses a suite.
 *
 * @param path what the text is called in messages
 * @throws PypesError `invalid_request` with every fault in `details.problems`: `{line, column, message}`
 * @example
 * const suite = parseSuite(text, formatOf('units.yaml'), 'units.yaml');
 */
export function parseSuite(text: string, format: SuiteFormat, path = 'suite'): Suite {
  const { value, faults, placeOf } = readDocument(text, format);
  if (faults.length > 0) throw refusal(faults, path);
  const found: Fault[] = [];
  const suite = readSuite(value, (at, message, what) => found.push({ place: placeOf(at, what), message }));
  if (found.length > 0) throw refusal(found, path);
  return suite;
}

/**
 * The same for a suite that came as JSON in a request.
 *
 * @throws PypesError `invalid_request` with every fault in `details.problems`: `{path, message}`, `path` a JSON pointer
 */
export function toSuite(value: Json): Suite {
  const found: { readonly path: Path; readonly message: string }[] = [];
  const suite = readSuite(value, (path, message) => found.push({ path, message }));
  if (found.length === 0) return suite;
  const problems = found.map(({ path, message }) => ({ path: path.map((step) => `/${step}`).join(''), message }));
  const lines = problems.slice(0, MOST_IN_MESSAGE).map(({ path, message }) => `${path} ${message}`.trim());
  throw new PypesError('invalid_request', `The suite has ${found.length} fault(s):\n${lines.join('\n')}`, {
    details: { problems },
  });
}

/** Which of the two a file is in, by its name. @throws PypesError `invalid_request` for any other */
export function formatOf(filename: string): SuiteFormat {
  if (/\.ya?ml$/i.test(filename)) return 'yaml';
  if (/\.json$/i.test(filename)) return 'json';
  throw new PypesError('invalid_request', `"${filename}" is no suite; its name ends with .yaml, .yml or .json`);
}

function refusal(faults: readonly Fault[], path: string): PypesError {
  const lines = faults
    .slice(0, MOST_IN_MESSAGE)
    .map(({ place, message }) => `${path}:${place?.line ?? 1}:${place?.column ?? 1} ${message}`);
  const more = faults.length > MOST_IN_MESSAGE ? `\nand ${faults.length - MOST_IN_MESSAGE} more` : '';
  return new PypesError('invalid_request', `The suite has ${faults.length} fault(s):\n${lines.join('\n')}${more}`, {
    details: {
      problems: faults.map(({ place, message }) => ({
        line: place?.line ?? 1,
        column: place?.column ?? 1,
        message,
      })),
    },
  });
}

const NOTHING: Suite = { name: '', cases: [], gate: { min_average_score: 1 } };

/** What was read counts only where nothing was noted. */
function readSuite(value: Json, note: Note): Suite {
  if (isTooDeep(value)) {
    note([], 'It is nested too deep');
    return NOTHING;
  }
  noteInfinite(value, [], note);
  const fields = readFields(value, [], 'The suite', note);
  if (fields === undefined) return NOTHING;
  fields.need('name', 'cases', 'gate');
  const suite = {
    name: fields.text('name', LONGEST_NAME) ?? '',
    ...readTarget(fields, note),
    cases: readCases(fields, note),
    gate: fields.has('gate') ? readGate(fields.any('gate'), note) : NOTHING.gate,
  };
  fields.end();
  return suite;
}

/** Texts can say more than JSON has numbers for: `.inf`, `1e999`. */
function noteInfinite(value: Json, path: Path, note: Note): void {
  if (typeof value === 'number' && !Number.isFinite(value)) note(path, `${value} is no number that JSON has`);
  if (typeof value !== 'object' || value === null) return;
  for (const [key, each] of Object.entries(value)) noteInfinite(each, [...path, key], note);
}

function readTarget(fields: Fields, note: Note): Pick<Suite, 'agent' | 'pack' | 'blueprint'> {
  const agent = fields.text('agent', LONGEST_NAME);
  const pack = fields.text('pack', LONGEST_NAME);
  const blueprint = fields.text('blueprint', LONGEST_REFERENCE);
  if (blueprint !== undefined && agent !== undefined)
    note(['blueprint'], 'A suite has an agent or a blueprint, not both', 'key');
  if (pack !== undefined && agent === undefined)
    note(['pack'], '"pack" says whose agent it is; "agent" is missing', 'key');
  return {
    ...(agent === undefined ? {} : { agent }),
    ...(pack === undefined ? {} : { pack }),
    ...(blueprint === undefined ? {} : { blueprint }),
  };
}

function readGate(value: Json | undefined, note: Note): Gate {
  const path = ['gate'];
  const fields = readFields(value, path, '"gate"', note);
  if (fields === undefined) return NOTHING.gate;
  fields.need('min_average_score');
  const regression = fields.number('max_regression', 0, 1);
  const baseline = fields.text('baseline', LONGEST_REFERENCE);
  const stability = fields.number('stability', 0, 1);
  if (fields.has('baseline') && !fields.has('max_regression')) {
    note([...path, 'baseline'], '"baseline" needs "max_regression": how much lower the average may be', 'key');
  }
  const gate = {
    min_average_score: fields.number('min_average_score', 0, 1) ?? 1,
    ...(regression === undefined ? {} : { max_regression: regression }),
    ...(baseline === undefined ? {} : { baseline }),
    ...(stability === undefined ? {} : { stability }),
  };
  fields.end();
  return gate;
}

function readCases(fields: Fields, note: Note): readonly SuiteCase[] {
  const list = fields.list('cases') ?? [];
  if (list.length > SUITE_LIMITS.cases) {
    note(['cases'], `A suite has at most ${SUITE_LIMITS.cases} cases, got ${list.length}; make several suites of it`);
    return [];
  }
  const seen = new Map<string, number>();
  return list.flatMap((value, index) => {
    const read = readCase(value, ['cases', index], note);
    if (read === undefined) return [];
    const before = seen.get(read.id);
    if (before !== undefined) {
      note(['cases', index, 'id'], `The id "${read.id}" is that of case ${before + 1} too; give each case its own`);
    }
    seen.set(read.id, index);
    return [read];
  });
}

function readCase(value: Json, path: Path, note: Note): SuiteCase | undefined {
  const fields = readFields(value, path, 'A case', note);
  if (fields === undefined) return undefined;
  if (!fitsJsonSize(value, SUITE_LIMITS.caseBytes)) {
    note(path, `A case has at most ${SUITE_LIMITS.caseBytes} bytes`);
    return undefined;
  }
  fields.need('id', 'input');
  const expect = fields.any('expect');
  if (!fields.has('expect') && !fields.has('scorer')) note(path, 'A case needs "expect", "scorer", or both');
  const read = {
    id: fields.text('id', SUITE_LIMITS.idCharacters) ?? '',
    input: fields.object('input') ?? {},
    ...(expect === undefined ? {} : { expect }),
    // What is missing was noted; a second note would say it again.
    scorer:
      fields.has('scorer') || fields.has('expect')
        ? parseScorers(fields.any('scorer'), [...path, 'scorer'], expect, note)
        : [],
    combine: fields.oneOf('combine', ['average', 'all']) ?? 'average',
    pass_score: fields.number('pass_score', 0, 1) ?? 1,
    tags: readTags(fields, note),
  };
  fields.end();
  return read.id === '' ? undefined : read;
}

function readTags(fields: Fields, note: Note): readonly string[] {
  const list = fields.list('tags') ?? [];
  const path = [...fields.path, 'tags'];
  if (list.length > SUITE_LIMITS.tags) note(path, `A case has at most ${SUITE_LIMITS.tags} tags, got ${list.length}`);
  const tags = list.flatMap((tag, index) => {
    if (typeof tag === 'string' && tag !== '' && tag.length <= SUITE_LIMITS.idCharacters) return [tag];
    note([...path, index], `A tag is a text of 1 to ${SUITE_LIMITS.idCharacters} characters, got ${shown(tag)}`);
    return [];
  });
  return [...new Set(tags)];
}
