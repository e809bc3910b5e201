// A finished run as a case, and a case as a few more lines of a suite's file, comments and all else left as they were.
import { canonicalJson, type JsonObject, PypesError } from '@pypes/contract';
import type { RunRecord } from '@pypes/contract/runs';
import { isSeq, parseDocument } from 'yaml';
import { parseSuite } from './parse-suite.ts';
import { toPlainCase } from './print-suite.ts';
import type { SuiteCase, SuiteFormat } from './suite.ts';

/** What a case is made of: a stored record, what the service shows of one with its input, or `pypes run --json`. */
export type FinishedRun = Pick<RunRecord, 'run_id' | 'status' | 'result' | 'request'>;

/**
 * The case that a run is an example of: what it was given, and what it came to.
 *
 * @throws PypesError `conflict` where the run is not finished: there is nothing to expect
 */
export function toCase(
  run: FinishedRun,
  options: { readonly id?: string; readonly tags?: readonly string[] } = {},
): SuiteCase {
  const { run_id, status, result, request } = run;
  if (status !== 'finished' || result === undefined) {
    throw new PypesError('conflict', `The run "${run_id}" is ${status}; only a finished one can be saved as a case`);
  }
  return {
    id: options.id ?? run_id,
    input: request.input,
    expect: result,
    scorer: [{ use: 'exact' }],
    combine: 'average',
    pass_score: 1,
    tags: options.tags ?? [],
  };
}

/**
 * Adds a case to the text of a suite.
 *
 * @throws PypesError `invalid_request` where the text is no suite, `conflict` where it has a case of this id or input
 */
export function appendCase(text: string, added: SuiteCase, format: SuiteFormat, path = 'suite'): string {
  const { cases } = parseSuite(text, format, path);
  const input = canonicalJson(added.input);
  const same = cases.find(({ id }) => id === added.id);
  if (same !== undefined) throw new PypesError('conflict', `"${path}" has a case "${added.id}"; choose another id`);
  const twin = cases.find((each) => canonicalJson(each.input) === input);
  if (twin !== undefined) {
    throw new PypesError('conflict', `The case "${twin.id}" of "${path}" has the same input; change what it expects`);
  }
  const longer = format === 'json' ? appendToJson(text, added) : appendToYaml(text, added);
  // What was written is read again: a file that nobody can read is never handed out.
  parseSuite(longer, format, path);
  return longer;
}

function appendToJson(text: string, added: SuiteCase): string {
  const suite = JSON.parse(text) as JsonObject & { readonly cases: readonly JsonObject[] };
  const indent = /^[{[]\s*\n([ \t]+)/.exec(text.trimStart())?.[1] ?? 2;
  return `${JSON.stringify({ ...suite, cases: [...suite.cases, toPlainCase(added)] }, null, indent)}\n`;
}

function appendToYaml(text: string, added: SuiteCase): string {
  const document = parseDocument(text, { schema: 'core', version: '1.2' });
  const cases = document.get('cases', true);
  // `[]` on one line has no room for a case.
  if (isSeq(cases) && cases.items.length === 0) cases.flow = false;
  document.addIn(['cases'], document.createNode(toPlainCase(added), { aliasDuplicateObjects: false }));
  return document.toString({ lineWidth: 0 });
}
