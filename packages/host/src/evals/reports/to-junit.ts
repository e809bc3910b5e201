// The report as JUnit XML, which build servers show: a case that did not pass fails, one that broke is an error.
import type { CaseResult } from '../run/scorecard.ts';
import { escapeMarkup } from './escape.ts';
import { type Report, toFault, toScoreText } from './words.ts';

/** One test suite; the gate is a test of it, so that no server calls a failed gate a success. */
export function toJunit({ scorecard, gate_decision }: Report): string {
  const { suite, cases, summary, started_at } = scorecard;
  const isFailed = gate_decision.decision === 'fail';
  const failures = cases.filter(({ passed, failure }) => !passed && failure === undefined).length + (isFailed ? 1 : 0);
  const counts = `tests="${summary.total + 1}" failures="${failures}" errors="${summary.failed}" time="${seconds(
    cases.reduce((sum, { duration_ms }) => sum + duration_ms, 0),
  )}"`;
  const name = escapeMarkup(suite);
  const gate = gate_decision.reasons.join('; ');
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites ${counts}>`,
    `  <testsuite name="${name}" ${counts} timestamp="${escapeMarkup(started_at)}">`,
    ...cases.map((each) => toTestCase(each, name)),
    isFailed
      ? `    <testcase classname="${name}" name="gate" time="0"><failure message="${escapeMarkup(gate)}"/></testcase>`
      : `    <testcase classname="${name}" name="gate" time="0"/>`,
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}

function toTestCase(each: CaseResult, suite: string): string {
  const head = `    <testcase classname="${suite}" name="${escapeMarkup(each.id)}" time="${seconds(each.duration_ms)}"`;
  if (each.passed) return `${head}/>`;
  const kind = each.failure === undefined ? 'failure' : 'error';
  const type = each.failure === undefined ? '' : ` type="${escapeMarkup(each.failure.code)}"`;
  const output = each.output === undefined ? '' : `Output: ${each.output}`;
  const text = `Score ${toScoreText(each.score)}\n${output}`.trim();
  return `${head}><${kind} message="${escapeMarkup(toFault(each))}"${type}>${escapeMarkup(text)}</${kind}></testcase>`;
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(3);
}
