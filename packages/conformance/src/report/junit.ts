// A report for CI systems: JUnit's XML.
import type { Outcome, Report } from '../run-checks.ts';
import { toPlainLine } from './text.ts';

/** A file that CI systems read: a SHOULD that fails is a failure there, too, told apart by its class name. */
export function toJunit({ url, outcomes }: Report): string {
  const count = (status: Outcome['status']) => outcomes.filter((each) => each.status === status).length;
  const seconds = outcomes.reduce((sum, { ms }) => sum + ms, 0) / 1_000;
  const counts = `tests="${outcomes.length}" failures="${count('failed')}" errors="0" skipped="${count('skipped')}"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<testsuites>',
    `<testsuite name="${escapeXml(`pypes conformance ${url}`)}" ${counts} time="${seconds.toFixed(3)}">`,
    ...outcomes.map(toCase),
    '</testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}

function toCase({ id, level, title, status, reason = '', ms }: Outcome): string {
  const name = escapeXml(`${id} ${title}`);
  const time = (ms / 1_000).toFixed(3);
  const start = `  <testcase classname="conformance.${level}" name="${name}" time="${time}">`;
  if (status === 'passed') return `${start}</testcase>`;
  const tag = status === 'failed' ? 'failure' : 'skipped';
  return `${start}<${tag} message="${escapeXml(reason)}"/></testcase>`;
}

/** What XML 1.0 does not allow is shown, not carried. */
function escapeXml(text: string): string {
  return toPlainLine(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replace(/[\ufffe\uffff]/g, '�');
}
