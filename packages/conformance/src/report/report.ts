// A report for people: lines, a summary, and the capabilities of several endpoints side by side.
import type { Outcome, Report } from '../run-checks.ts';
import { toPlainLine } from './text.ts';

const MARKS = { passed: 'ok', failed: 'FAIL', skipped: 'skip' } as const;

/** One line. */
export function toLine({ id, level, title, status, reason }: Outcome): string {
  const why = reason === undefined ? '' : ` (${toPlainLine(reason)})`;
  return `${MARKS[status].padEnd(4)}  ${level.padEnd(6)}  ${id.padEnd(20)}  ${title}${why}`;
}

/** What came of it, in few lines. */
export function toSummary({ outcomes, conformant, declares, left }: Report): string {
  const count = (status: Outcome['status'], level?: Outcome['level']) =>
    outcomes.filter((each) => each.status === status && (level === undefined || each.level === level)).length;
  const judged = count('passed') + count('failed') > 0;
  const verdict = conformant ? 'Conformant' : judged ? 'Not conformant' : 'Nothing was judged';
  return [
    `${verdict}: ${count('passed')} passed, ${count('failed', 'MUST')} MUST and ${count('failed', 'SHOULD')} SHOULD failed, ${count('skipped')} skipped`,
    `Declares: ${declares.join(', ')}`,
    ...(left.length === 0 ? [] : [`Could not remove: ${left.join(', ')}`]),
  ].join('\n');
}

/** The capabilities of several endpoints side by side, as a table in Markdown. */
export function toMatrix(reports: readonly { readonly name: string; readonly report: Report }[]): string {
  const all = [...new Set(reports.flatMap(({ report }) => report.declares))].sort();
  const head = ['', ...reports.map(({ name }) => name)];
  const rows = all.map((each) => [
    each,
    ...reports.map(({ report }) => (report.declares.includes(each) ? 'yes' : '–')),
  ]);
  const share = (level: Outcome['level']) =>
    reports.map(({ report }) => {
      const judged = report.outcomes.filter((each) => each.level === level && each.status !== 'skipped');
      return `${judged.filter(({ status }) => status === 'passed').length} of ${judged.length}`;
    });
  const last = [
    ['MUST passed', ...share('MUST')],
    ['SHOULD passed', ...share('SHOULD')],
  ];
  const cell = (text: string) => toPlainLine(text).replaceAll('|', '\\|');
  return [head, head.map(() => '---'), ...rows, ...last]
    .map((cells) => `| ${cells.map(cell).join(' | ')} |`)
    .join('\n');
}
