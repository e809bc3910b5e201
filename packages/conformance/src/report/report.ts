// A report for people and for machines: a table, and JUnit's XML.
import type { Outcome, Report } from '../run-checks.ts';

const MARKS = { passed: 'ok', failed: 'FAIL', skipped: 'skip' } as const;

/** One line. */
export function toLine({ id, level, title, status, reason }: Outcome): string {
  return `${MARKS[status].padEnd(4)}  ${level.padEnd(6)}  ${id.padEnd(18)}  ${title}${reason === undefined ? '' : ` (${reason})`}`;
}

/** What came of it, in one line. */
export function toSummary({ outcomes, conformant, declares }: Report): string {
  const count = (status: Outcome['status'], level?: Outcome['level']) =>
    outcomes.filter((each) => each.status === status && (level === undefined || each.level === level)).length;
  return [
    `${conformant ? 'Conformant' : 'Not conformant'}: ${count('passed')} passed, ${count('failed', 'MUST')} MUST and ${count('failed', 'SHOULD')} SHOULD failed, ${count('skipped')} skipped`,
    `Declares: ${declares.join(', ')}`,
  ].join('\n');
}

/** A file that CI systems read. */
export function toJunit({ url, outcomes }: Report): string {
  const cases = outcomes.map(({ id, level, title, status, reason = '', ms }) => {
    const inner =
      status === 'passed'
        ? ''
        : status === 'failed'
          ? `<failure message="${escapeXml(reason)}"/>`
          : `<skipped message="${escapeXml(reason)}"/>`;
    return `  <testcase classname="${level}" name="${escapeXml(`${id} ${title}`)}" time="${(ms / 1_000).toFixed(3)}">${inner}</testcase>`;
  });
  const count = (status: Outcome['status']) => outcomes.filter((each) => each.status === status).length;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuite name="${escapeXml(`pypes conformance ${url}`)}" tests="${outcomes.length}" failures="${count('failed')}" skipped="${count('skipped')}">`,
    ...cases,
    '</testsuite>',
    '',
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
  const passed = ({ outcomes }: Report) =>
    `${outcomes.filter(({ status }) => status === 'passed').length} of ${outcomes.filter(({ status }) => status !== 'skipped').length}`;
  const last = ['checks passed', ...reports.map(({ report }) => passed(report))];
  return [head, head.map(() => '---'), ...rows, last].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

// What XML 1.0 does not allow is shown, not carried.
function escapeXml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '�');
}
