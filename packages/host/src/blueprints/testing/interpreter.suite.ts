// Runs blueprints on labels instead of values: components do whatever they may, by chance, and everything that they do
// is written down. It knows the blueprint and the facts, and nothing of the graph.
//
// Beside the labels of the lattice, marks of its own say what the checks promise: `unscanned:` (no DLP has looked at it
// yet), `unapproved:` (no person has), and `from:` (a component that had it in its hands).
import type { Label, Permissions } from '@pypes/contract';
import {
  allLabels,
  type FieldLabels,
  fieldsAt,
  joinFields,
  joinLabels,
  type Labels,
  markOf,
  NO_LABELS,
  placeFields,
} from '../../../../guard/src/flow/lattice.ts';
import type { Blueprint, FlowLabels, InputValue, Step, Wire } from '../blueprint.ts';
import type { BlueprintFacts, ComponentFacts } from '../facts.ts';
import type { Expression, Template } from '../template/ast.ts';
import type { At } from '../toml/fields.ts';

/** One thing that happened. */
export type Happened =
  | { readonly kind: 'inside'; readonly context: string; readonly component: string; readonly labels: Labels }
  | { readonly kind: 'sent'; readonly context: string; readonly sends: readonly string[]; readonly labels: Labels }
  | { readonly kind: 'destination'; readonly context: string; readonly labels: Labels };

/** A source of chance: a number from 0 up to 1. */
export type Chance = () => number;

const MOST_CALLS = 60;
const NOTHING: FieldLabels = new Map();

/** Runs a blueprint several times, with the stores of one run there in the next. */
export function interpret(blueprint: Blueprint, facts: BlueprintFacts, chance: Chance, runs = 3): readonly Happened[] {
  const happened: Happened[] = [];
  const stores = new Map<string, Labels>();
  const parts = new Map(
    [...blueprint.components.values()].map((entry) => [entry.name, { entry, facts: facts(entry) as ComponentFacts }]),
  );
  let calls = 0;
  for (let run = 0; run < runs; run++) {
    calls = 0;
    runOnce();
  }
  return happened;

  function runOnce(): void {
    const input = whole(shadowed(new Set(blueprint.input.labels.map((mark) => `${mark}:input`))));
    if (blueprint.steps.length === 0) {
      const called = new Set(blueprint.wires.map(({ provider }) => provider.component));
      for (const [name, part] of parts) {
        if (called.has(name) && called.size < parts.size) continue;
        for (const each of Object.keys(part.facts.functions)) call(name, each, `${name}.${each}`, input);
      }
      return;
    }
    const scope = new Map<string, FieldLabels>([['input', input]]);
    for (const step of blueprint.steps) runStep(step, scope);
    const stepped = new Set(blueprint.steps.map(({ component }) => component));
    for (const [name, part] of parts) {
      const isCalled = stepped.has(name) || blueprint.wires.some(({ provider }) => provider.component === name);
      if (isCalled || !blueprint.wires.some(({ component }) => component === name)) continue;
      for (const each of Object.keys(part.facts.functions)) call(name, each, `${name}.${each}`, input);
    }
  }

  function runStep(step: Step, scope: Map<string, FieldLabels>): void {
    const list = step.foreach === undefined ? undefined : evaluate(step.foreach, scope);
    const counted = list === undefined ? NO_LABELS : released(step.id, 'foreach', allLabels(list));
    const count = list === undefined ? 1 : Math.floor(chance() * 3);
    let output: FieldLabels = list === undefined ? NOTHING : whole(counted);
    let about = counted;
    for (let index = 0; index < count; index++) {
      const inner = new Map(scope);
      if (list !== undefined) {
        inner.set('item', fieldsAt(list, `/${index}`));
        inner.set('index', whole(allLabels(list)));
      }
      const deciding =
        step.when === undefined ? NO_LABELS : released(step.id, 'when', allLabels(evaluate(step.when, inner)));
      const control = joinLabels(counted, deciding);
      about = joinLabels(about, control);
      if (step.when !== undefined && chance() < 0.3) {
        output = joinFields(output, whole(control));
        continue;
      }
      const args = passed(
        'workflow',
        undefined,
        step.component,
        step.function ?? '',
        step.middleware,
        argumentsOf(step, inner),
      );
      const reply = call(step.component, step.function ?? '', `step:${step.id}`, args, control);
      const failed = step.onError.kind !== 'stop' && chance() < 0.2;
      const back = (fields: FieldLabels) =>
        passed('workflow', undefined, step.component, step.function ?? '', step.middleware, fields, 'reply');
      const given = joinFields(back(failed ? whole(reply.knows) : reply.gives), whole(control));
      about = joinLabels(about, allLabels(back(whole(reply.knows))));
      output = joinFields(output, placeFields(given, list === undefined ? '' : `/${index}`));
    }
    scope.set(
      step.id,
      joinFields(
        placeFields(output, '/output'),
        joinFields(placeFields(whole(about), '/status'), placeFields(whole(about), '/error')),
      ),
    );
  }

  function argumentsOf(step: Step, scope: ReadonlyMap<string, FieldLabels>): FieldLabels {
    let fields = NOTHING;
    const visit = (value: InputValue, pointer: string): void => {
      if (value.kind === 'object') for (const [key, item] of value.entries) visit(item, `${pointer}/${key}`);
      if (value.kind !== 'template') return;
      fields = joinFields(fields, placeFields(evaluate(value.template, scope), pointer));
    };
    visit(step.input, '');
    return new Map([...fields].map(([pointer, labels]) => [pointer, releasedInput(step.id, pointer, labels)]));
  }

  /** A component is called: it may do all that it can, in any order. */
  function call(
    name: string,
    called: string,
    context: string,
    args: FieldLabels,
    control: Labels = NO_LABELS,
  ): { readonly gives: FieldLabels; readonly knows: Labels } {
    const part = parts.get(name) as {
      readonly entry: Blueprint['components'] extends ReadonlyMap<string, infer E> ? E : never;
      readonly facts: ComponentFacts;
    };
    const permissions =
      part.entry.permissions?.value ?? blueprint.grants.get(name)?.permissions ?? part.facts.granted ?? {};
    const labels = labelsFor(part.facts, called, permissions);
    const fieldLabels = shadowed(
      new Set(
        Object.entries(labels.fields ?? {}).flatMap(([pointer, marks]) =>
          toLabels(marks, `${name}.${called}${pointer}`),
        ),
      ),
    );
    for (const destination of labels.destinations ?? []) {
      happened.push({ kind: 'destination', context, labels: allLabels(fieldsAt(args, `/${destination}`)) });
    }
    const own = new Set([...shadowed(new Set(toLabels(labels.reads ?? [], `${name}.${called}`))), `from:${name}`]);
    let known = joinLabels(joinLabels(allLabels(args), control), own);
    calls++;
    const acts: (() => void)[] = [];
    const stored = storesOf(name, part.facts, permissions, part.entry.stateful, part.entry.model);
    for (const store of stored) {
      if (store.reads) acts.push(() => learn(stores.get(store.id) ?? NO_LABELS));
      if (store.writes)
        acts.push(() =>
          stores.set(store.id, joinLabels(stores.get(store.id) ?? NO_LABELS, some(joinLabels(known, fieldLabels)))),
        );
    }
    for (const wire of blueprint.wires) if (wire.component === name) acts.push(() => callWire(wire));
    const sends = (labels.sends ?? []).filter((item) => item !== 'none');
    if (sends.length > 0) acts.push(() => send(sends));
    for (let left = Math.floor(chance() * 6); left > 0 && acts.length > 0; left--)
      acts[Math.floor(chance() * acts.length)]?.();
    happened.push({ kind: 'inside', context, component: name, labels: known });
    // What it gives has the type that it declares: a constant tells nothing.
    if (part.facts.functions[called]?.returns?.const !== undefined)
      return { gives: NOTHING, knows: joinLabels(known, fieldLabels) };
    let gives: FieldLabels = new Map([
      ['', some(known)],
      ['/a', some(known)],
      ['/b', some(known)],
    ]);
    for (const [pointer, marks] of Object.entries(labels.fields ?? {})) {
      gives = joinFields(
        gives,
        new Map([[pointer, shadowed(new Set(toLabels(marks, `${name}.${called}${pointer}`)))]]),
      );
    }
    return { gives, knows: joinLabels(known, fieldLabels) };

    function learn(more: Labels): void {
      known = joinLabels(known, more);
    }

    function send(what: readonly string[]): void {
      const sandboxed = part.facts.sandboxed ?? 'skill' in part.entry.reference;
      const sent = some(joinLabels(known, fieldLabels));
      const out =
        sandboxed && (permissions.network ?? []).length > 0
          ? allLabels(passed(name, called, 'context', 'fetch', [], whole(sent)))
          : sent;
      happened.push({ kind: 'sent', context, sends: what, labels: out });
    }

    function callWire(wire: Wire): void {
      if (calls >= MOST_CALLS) return;
      const target = wire.provider.function ?? '';
      const chosen: FieldLabels = new Map([
        ['/a', some(joinLabels(known, fieldLabels))],
        ['/b', some(joinLabels(known, fieldLabels))],
        ['/c', some(known)],
      ]);
      const open = new Map([...chosen].filter(([pointer]) => !Object.hasOwn(wire.fixed, pointer.slice(1))));
      const place = `${wire.component}.${wire.import}`;
      const sent = new Map([...open].map(([pointer, item]) => [pointer, released(place, 'arguments', item)]));
      const given = passed(name, called, wire.provider.component, target, wire.middleware, sent);
      const reply = call(wire.provider.component, target, `${wire.provider.component}.${target}`, given);
      const back = passed(name, called, wire.provider.component, target, wire.middleware, reply.gives, 'reply');
      learn(released(place, 'reply', allLabels(back)));
    }
  }

  /** Each label by chance; all of them half of the time. */
  function some(labels: Labels): Labels {
    return chance() < 0.5 ? labels : new Set([...labels].filter((label) => markOf(label) === 'from' || chance() < 0.5));
  }

  function passed(
    from: string,
    fromFunction: string | undefined,
    to: string,
    toFunction: string,
    middleware: readonly At<string>[],
    fields: FieldLabels,
    direction: 'args' | 'reply' = 'args',
  ): FieldLabels {
    const stands = (use: string) =>
      middleware.some(({ value }) => value === use) ||
      blueprint.policies.some(
        (policy) =>
          policy.use === use &&
          ['both', direction, undefined].includes(policy.settings.on as string | undefined) &&
          ['*', from, `${from}.${fromFunction}`].includes(policy.from) &&
          ['*', to, `${to}.${toFunction}`].includes(policy.to),
      );
    const gone = [
      ...(stands('dlp') ? ['unscanned'] : []),
      ...(direction === 'args' && stands('approve') ? ['unapproved'] : []),
    ];
    return new Map([...fields].map(([pointer, labels]) => [pointer, without(labels, gone)]));
  }

  function released(first: string, kind: string, labels: Labels): Labels {
    return blueprint.releases
      .filter(
        ({ place }) =>
          place.kind === kind && ('step' in place ? place.step : `${place.component}.${place.import}`) === first,
      )
      .reduce(
        (left, { mark }) => without(left, mark === 'private' ? ['private', 'unscanned'] : ['untrusted', 'unapproved']),
        labels,
      );
  }

  function releasedInput(step: string, pointer: string, labels: Labels): Labels {
    return blueprint.releases
      .filter(
        ({ place }) =>
          place.kind === 'input' &&
          place.step === step &&
          (pointer === place.field || pointer.startsWith(`${place.field}/`)),
      )
      .reduce(
        (left, { mark }) => without(left, mark === 'private' ? ['private', 'unscanned'] : ['untrusted', 'unapproved']),
        labels,
      );
  }
}

function storesOf(
  name: string,
  facts: ComponentFacts,
  permissions: Partial<Permissions>,
  stateful: boolean,
  model: boolean,
) {
  const pack = facts.pack ?? name;
  const has = (access: string | undefined, what: string) => access === what || access === 'read-write';
  return [
    { id: `memory:${pack}`, reads: has(permissions.memory, 'read'), writes: has(permissions.memory, 'write') },
    { id: `objects:${pack}`, reads: has(permissions.objects, 'read'), writes: has(permissions.objects, 'write') },
    ...(stateful || facts.stateful === true ? [{ id: `state:${name}`, reads: true, writes: true }] : []),
    ...(model || facts.model === true || permissions.ai === true
      ? [{ id: `model:${name}`, reads: true, writes: true }]
      : []),
  ];
}

/** What nobody declares, the permissions decide. */
function labelsFor(facts: ComponentFacts, called: string, permissions: Partial<Permissions>): FlowLabels {
  const own = facts.functions[called]?.labels ?? facts.labels;
  if (own !== undefined) return own;
  return (permissions.network ?? []).length > 0 ? { reads: ['untrusted'], sends: ['network'] } : {};
}

function evaluate(template: Template, scope: ReadonlyMap<string, FieldLabels>): FieldLabels {
  const [only] = template.parts;
  if (template.parts.length === 1 && typeof only === 'object') return labelsOfExpression(only, scope);
  const all = template.parts.map((part) =>
    typeof part === 'string' ? NO_LABELS : allLabels(labelsOfExpression(part, scope)),
  );
  return whole(all.reduce(joinLabels, NO_LABELS));
}

function labelsOfExpression(expression: Expression, scope: ReadonlyMap<string, FieldLabels>): FieldLabels {
  switch (expression.kind) {
    case 'literal':
      return NOTHING;
    case 'path':
      return fieldsAt(scope.get(expression.root) ?? NOTHING, expression.steps.map((step) => `/${step}`).join(''));
    case 'not':
      return whole(allLabels(labelsOfExpression(expression.operand, scope)));
    case 'filter':
      return whole(
        [expression.operand, ...expression.args]
          .map((part) => allLabels(labelsOfExpression(part, scope)))
          .reduce(joinLabels),
      );
    default:
      return whole(
        [expression.left, expression.right]
          .map((part) => allLabels(labelsOfExpression(part, scope)))
          .reduce(joinLabels),
      );
  }
}

/** The labels of a whole value. */
function whole(labels: Labels): FieldLabels {
  return labels.size === 0 ? NOTHING : new Map([['', labels]]);
}

function toLabels(reads: readonly string[], origin: string): readonly Label[] {
  return reads.filter((read) => read !== 'public').map((read) => `${read}:${origin}`);
}

/** With the marks of our own that begin where the label begins. */
function shadowed(labels: Labels): Labels {
  return new Set(
    [...labels].flatMap((label) => {
      const origin = label.slice(label.indexOf(':') + 1);
      return [label, markOf(label) === 'private' ? `unscanned:${origin}` : `unapproved:${origin}`];
    }),
  );
}

function without(labels: Labels, marks: readonly string[]): Labels {
  return marks.length === 0 ? labels : new Set([...labels].filter((label) => !marks.includes(markOf(label))));
}
