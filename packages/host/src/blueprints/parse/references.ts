// Checks that every name in a blueprint names something in it.
import type { Blueprint, InputValue, Step } from '../blueprint.ts';
import { suggestion } from '../did-you-mean.ts';
import type { Template } from '../template/ast.ts';
import { rootsOf } from '../template/roots.ts';
import type { At, Note } from '../toml/fields.ts';
import { splitName } from './names.ts';
import { POLICY_NAMES } from './policies.ts';

/** What is called by a name that no component has: the models behind `context.ai`, the workflow that calls its steps, and whoever starts a run. */
const OUTSIDE: readonly string[] = ['llm', 'workflow', 'input'];

/** Notes every name that leads nowhere, and steps that wait for each other. */
export function checkReferences(blueprint: Blueprint, note: Note): void {
  const { components, wires, steps, policies, forbidden, releases, grants, maxPayload } = blueprint;
  const component = (name: string, where: At<string>['where']) => {
    if (!components.has(name)) note(where, `There is no component "${name}"${suggestion(name, components.keys())}`);
  };
  const policyNames = [...POLICY_NAMES, ...policies.map(({ name }) => name)];
  const middleware = (uses: readonly At<string>[]) => {
    for (const { value, where } of uses) {
      if (!policyNames.includes(value)) note(where, `There is no policy "${value}"${suggestion(value, policyNames)}`);
    }
  };
  const wireNames = wires.map((wire) => `${wire.component}.${wire.import}`);
  for (const wire of wires) {
    component(wire.component, wire.where);
    component(wire.provider.component, wire.providerWhere);
    middleware(wire.middleware);
  }
  const wired = new Set<string>();
  for (const [index, name] of wireNames.entries()) {
    if (wired.has(name)) note(wires[index]?.where ?? blueprint.end, `"${name}" is wired twice`);
    wired.add(name);
  }
  const ids = new Set(steps.map(({ id }) => id));
  for (const step of steps) {
    component(step.component, step.componentWhere);
    middleware(step.middleware);
    for (const id of step.after) if (!ids.has(id)) note(step.where, `There is no step "${id}"${suggestion(id, ids)}`);
    checkTemplates(step, ids, note);
  }
  if (blueprint.output !== undefined) checkRoots(templatesOf(blueprint.output.value), [], ids, note);
  checkOrder(steps, note);
  for (const [name, { where }] of maxPayload.edges) {
    if (![...wireNames, ...ids].includes(name))
      note(where, `There is no wire or step "${name}"${suggestion(name, [...wireNames, ...ids])}`);
  }
  for (const { from, to, where } of forbidden) {
    for (const name of [from, to]) component(splitName(name)[0], where);
  }
  for (const { from, to, where } of policies) {
    for (const name of [from, to]) {
      const [first] = splitName(name);
      if (!name.includes('*') && first !== 'context' && !OUTSIDE.includes(first)) component(first, where);
    }
  }
  for (const [name, { where }] of grants) component(name, where);
  for (const { place, text, where } of releases) {
    if ('step' in place) {
      if (!ids.has(place.step)) note(where, `There is no step "${place.step}"${suggestion(place.step, ids)}`);
    } else if (!wired.has(`${place.component}.${place.import}`)) {
      note(
        where,
        `There is no wire "${place.component}.${place.import}" for "${text}"${suggestion(`${place.component}.${place.import}`, wireNames)}`,
      );
    }
  }
}

/** The templates of a value, wherever they stand in it. */
export function templatesOf(value: InputValue): readonly Template[] {
  if (value.kind === 'template') return [value.template];
  if (value.kind === 'list') return value.items.flatMap(templatesOf);
  return value.kind === 'object' ? [...value.entries.values()].flatMap(templatesOf) : [];
}

/** The steps whose end a step waits for. */
export function stepsBefore(step: Step, ids: ReadonlySet<string>): readonly string[] {
  const templates = [
    ...templatesOf(step.input),
    ...(step.when === undefined ? [] : [step.when]),
    ...(step.foreach === undefined ? [] : [step.foreach]),
  ];
  const named = templates.flatMap((template) => rootsOf(template).map(({ root }) => root));
  return [...new Set([...named, ...step.after])].filter((name) => ids.has(name));
}

function checkTemplates(step: Step, ids: ReadonlySet<string>, note: Note): void {
  const inside = step.foreach === undefined ? [] : ['item', 'index'];
  checkRoots([...templatesOf(step.input), ...(step.when === undefined ? [] : [step.when])], inside, ids, note);
  if (step.foreach !== undefined) checkRoots([step.foreach], [], ids, note);
}

function checkRoots(
  templates: readonly Template[],
  inside: readonly string[],
  ids: ReadonlySet<string>,
  note: Note,
): void {
  for (const { root, steps, where } of templates.flatMap(rootsOf)) {
    if (root === 'input' || inside.includes(root)) continue;
    if (!ids.has(root)) note(where, `There is no "${root}" here${suggestion(root, ['input', ...inside, ...ids])}`);
    else if (!STEP_PARTS.includes(String(steps[0]))) {
      const got = steps.length === 0 ? '' : `, not "${steps[0]}"`;
      note(where, `A step has output, status and error${got}; did you mean "${root}.output"?`);
    }
  }
}

const STEP_PARTS: readonly string[] = ['output', 'status', 'error'];

/** Steps in a circle wait for ever. */
function checkOrder(steps: readonly Step[], note: Note): void {
  const byId = new Map(steps.map((step) => [step.id, step]));
  const ids = new Set(byId.keys());
  const done = new Set<string>();
  for (const start of steps) {
    const stack: { readonly step: Step; readonly left: string[] }[] = [];
    const under = new Set<string>();
    const enter = (step: Step) => {
      under.add(step.id);
      stack.push({ step, left: [...stepsBefore(step, ids)] });
    };
    if (!done.has(start.id)) enter(start);
    while (stack.length > 0) {
      const top = stack.at(-1) as (typeof stack)[number];
      const next = top.left.pop();
      if (next === undefined) {
        done.add(top.step.id);
        under.delete(top.step.id);
        stack.pop();
      } else if (under.has(next)) {
        const circle = [...under].slice([...under].indexOf(next));
        note(
          byId.get(next)?.where ?? top.step.where,
          `These steps wait for each other: ${[...circle, next].join(' ← ')}`,
        );
        return;
      } else if (!done.has(next)) enter(byId.get(next) as Step);
    }
  }
}
