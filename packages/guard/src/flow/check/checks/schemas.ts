// Check 7: what is given fits what is taken, along every wire and at every step.
import type { JsonSchema } from '@pypes/contract';
import { type Finding, toFinding } from '../finding.ts';
import type { FlowCall, FlowGraph } from '../graph.ts';
import { type Difference, isSubsumed } from '../types/subsume.ts';

/** Arguments on the way down, replies on the way up; what is not declared is not compared. */
export function checkSchemas({ calls }: FlowGraph): readonly Finding[] {
  return calls.flatMap((call) => [
    ...compare(call, call.sent, call.taken, 'PB701', `The arguments of ${call.title}`),
    ...compare(call, call.given, call.expected, 'PB702', `The reply of ${call.title}`),
  ]);
}

function compare(
  call: FlowCall,
  from: JsonSchema | undefined,
  to: JsonSchema | undefined,
  code: 'PB701' | 'PB702',
  what: string,
): readonly Finding[] {
  if (from === undefined || to === undefined) return [];
  const { verdict, differences } = isSubsumed(from, to);
  if (verdict === 'fits') return [];
  const path = [{ node: call.node, title: call.nodeTitle, where: call.where }];
  if (verdict === 'unknown') {
    return [
      toFinding(
        'PB704',
        call.where,
        `Whether ${what.charAt(0).toLowerCase()}${what.slice(1)} always fit cannot be told: ${listed(differences)}`,
        { path },
      ),
    ];
  }
  const wrong = differences.filter((difference) => difference.verdict === 'breaks');
  return [
    toFinding(code, call.where, `${what} do not fit: ${listed(wrong)}`, {
      path,
      repair: {
        text: 'Give what is taken: another field, a filter in the template, or a component between that changes the form',
      },
    }),
  ];
}

const MOST_SHOWN = 3;

function listed(differences: readonly Difference[]): string {
  const texts = [...new Set(differences.map(({ at, what }) => (at === '' ? what : `${at}: ${what}`)))];
  const more = texts.length > MOST_SHOWN ? `; and ${texts.length - MOST_SHOWN} more` : '';
  return `${texts.slice(0, MOST_SHOWN).join('; ')}${more}`;
}
