// pypes check: a blueprint of a thousand components, from its text to its findings.

import { type BlueprintFacts, type ComponentFacts, checkGraph, parseBlueprint, toGraph } from '@pypes/host';
import { median, type Row } from './rows.ts';

const COMPONENTS = 1_000;
const ROUNDS = 7;

/** Seconds for one check: parsing, the graph, and the ten checks; and of a blueprint where much is wrong. */
export async function measureCheck(): Promise<readonly Row[]> {
  return [
    measure('chained by wires and steps, safe', toText(false), factsOf(false), 0),
    measure('with a leak at every sink', toText(true), factsOf(true), 1),
  ];
}

function measure(what: string, text: string, facts: BlueprintFacts, least: number): Row {
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const began = performance.now();
    const findings = checkGraph(toGraph(parseBlueprint(text, 'agent.toml'), facts));
    times.push((performance.now() - began) / 1000);
    const errors = findings.filter(({ severity }) => severity === 'error').length;
    if (least === 0 ? errors !== 0 : errors < least) {
      throw new Error(`The check found ${errors} errors: ${findings[0]?.message}`);
    }
  }
  const seconds = median(times);
  return { name: `check of ${COMPONENTS} components ${what} (s)`, value: seconds, goal: '≤ 1', ok: seconds <= 1 };
}

/** Each component is wired to two others and runs as a step that takes what the one before gave. */
function toText(leaking: boolean): string {
  const names = Array.from({ length: COMPONENTS }, (_, n) => `part-${n}`);
  const lines = [
    '[blueprint]',
    'name = "large"',
    '[components]',
    'island = { skill = "remote:island" }',
    ...names.map((name) => `${name} = { skill = "remote:${name}" }`),
  ];
  lines.push('[wiring]');
  for (let n = 0; n < COMPONENTS - 7; n++) {
    lines.push(
      `"part-${n}.next" = "part-${n + 1}.work"`,
      `"part-${n}.far" = { provider = "part-${n + 7}.work", max_calls = 4 }`,
    );
  }
  for (const [n, name] of names.entries()) {
    lines.push('[[workflow.steps]]', `id = "step-${n}"`, `component = "${name}"`, 'function = "work"');
    lines.push(n === 0 ? 'input = { text = "begin" }' : `input = { text = "{{ step-${n - 1}.output.text }}" }`);
  }
  lines.push('[[policy]]', 'use = "data-budget"', 'max_calls_per_run = 1000000');
  if (!leaking) lines.push('[[policy]]', 'use = "dlp"', 'to = "*"');
  lines.push('[[forbid]]', 'from = "part-0"', 'to = "island"');
  return lines.join('\n');
}

function factsOf(leaking: boolean): BlueprintFacts {
  const work = {
    parameters: {
      type: 'object',
      properties: { text: { type: 'string', maxLength: 100 } },
      required: ['text'],
      additionalProperties: false,
    },
    returns: {
      type: 'object',
      properties: { text: { type: 'string', maxLength: 100 } },
      required: ['text'],
      additionalProperties: false,
    },
  };
  return ({ name }): ComponentFacts => {
    const number = Number(name.slice('part-'.length));
    // Nothing leads to the island, whose number is none.
    const wired = number < COMPONENTS - 7;
    return {
      functions: {
        work: {
          ...work,
          labels: {
            reads: number % 10 === 0 ? [leaking && number % 20 === 0 ? 'private' : 'untrusted'] : [],
            sends: number % 10 === 9 ? ['message'] : [],
          },
        },
      },
      imports: wired ? { next: work, far: work } : {},
      asked: { memory: 'read-write' },
      granted: { memory: 'read-write' },
    };
  };
}
