// What a run of a blueprint without steps calls: the one function that components are called by from outside.
import { PypesError } from '@pypes/contract';
import type { Blueprint, Step } from '../blueprint.ts';
import type { Part } from '../graph/components.ts';
import { parseTemplate } from '../template/parse-template.ts';

/** The blueprint with a step for its entry, where it has none. @throws PypesError `invalid_request` where it is not clear which */
export function withEntry(blueprint: Blueprint, parts: ReadonlyMap<string, Part>): Blueprint {
  if (blueprint.steps.length > 0) return blueprint;
  const called = new Set(blueprint.wires.map(({ provider }) => provider.component));
  const open = [...parts.values()].filter(({ name }) => !called.has(name));
  const entries = (open.length === 0 ? [...parts.values()] : open).flatMap(({ name, facts }) =>
    Object.keys(facts.functions).map((each) => ({ component: name, function: each })),
  );
  const [entry, ...others] = entries;
  if (entry === undefined || others.length > 0) {
    const names = entries.map(({ component, function: each }) => `${component}.${each}`);
    throw new PypesError(
      'invalid_request',
      `The blueprint has no steps, and ${names.length === 0 ? 'nothing that could be called' : `it is not clear which to call of ${names.join(', ')}`}; write a [[workflow.steps]]`,
    );
  }
  const where = blueprint.components.get(entry.component)?.where ?? blueprint.end;
  const step: Step = {
    id: 'main',
    ...entry,
    input: { kind: 'template', where, template: parseTemplate('{{ input }}', () => where) },
    onError: { kind: 'stop' },
    retries: 0,
    middleware: [],
    after: [],
    where,
    componentWhere: where,
    functionWhere: where,
  };
  return { ...blueprint, steps: [step] };
}
