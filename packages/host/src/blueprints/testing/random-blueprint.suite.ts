// Generated blueprints as text, with the facts of their components: everything that values can flow through.
import type { Permissions } from '@pypes/contract';
import fc from 'fast-check';
import { READS, SENDS } from '../blueprint.ts';
import type { BlueprintFacts, ComponentFacts } from '../facts.ts';

/** A blueprint that was made up. */
export type RandomBlueprint = { readonly text: string; readonly facts: BlueprintFacts };

const COMPONENTS = ['ann', 'bob', 'cat', 'dan'] as const;
const FUNCTIONS = ['f', 'g'] as const;
const STEPS = ['one', 'two', 'three', 'four', 'five'] as const;
const FIELDS = ['a', 'b'] as const;

const marks = fc.subarray(['private', 'untrusted'] as const);
const labels = fc.record(
  {
    reads: fc.subarray([...READS], { maxLength: 2 }),
    sends: fc.subarray([...SENDS], { maxLength: 1 }),
    destinations: fc.subarray([...FIELDS], { maxLength: 1 }),
    fields: fc.dictionary(fc.constantFrom('/a', '/b'), marks, { maxKeys: 1 }),
  },
  { requiredKeys: ['reads', 'sends'] },
);
const permissions: fc.Arbitrary<Partial<Permissions>> = fc.record(
  {
    memory: fc.constantFrom('none', 'read', 'read-write'),
    objects: fc.constantFrom('none', 'write', 'read-write'),
    ai: fc.boolean(),
    network: fc.constantFrom([], ['a.example:443']),
  },
  { requiredKeys: [] },
);
const component = fc.record(
  {
    labels: fc.tuple(labels, fc.option(labels, { nil: undefined })),
    returnsConstant: fc.boolean(),
    permissions: fc.option(permissions, { freq: 2, nil: undefined }),
    pack: fc.option(fc.constant('shared'), { freq: 3, nil: undefined }),
    stateful: fc.option(fc.constant(true), { freq: 4, nil: undefined }),
    quiet: fc.boolean(),
  },
  { requiredKeys: ['labels', 'returnsConstant', 'permissions', 'pack', 'stateful', 'quiet'] },
);
const policy = fc.record({
  use: fc.constantFrom('dlp', 'approve'),
  from: fc.constantFrom('*', 'workflow', ...COMPONENTS),
  to: fc.constantFrom('*', ...COMPONENTS, 'ann.f', 'context.fetch'),
  on: fc.constantFrom('args', 'reply', 'both', undefined),
});
const wire = fc.record({
  from: fc.constantFrom(...COMPONENTS),
  to: fc.constantFrom(...COMPONENTS),
  function: fc.constantFrom(...FUNCTIONS),
  fixed: fc.option(fc.constantFrom(...FIELDS), { freq: 4, nil: undefined }),
  middleware: fc.option(fc.constantFrom('dlp', 'approve'), { freq: 4, nil: undefined }),
  release: fc.option(fc.tuple(fc.constantFrom('declassify', 'endorse'), fc.constantFrom('arguments', 'reply')), {
    freq: 5,
    nil: undefined,
  }),
});
const value = fc.record({
  root: fc.nat({ max: 9 }),
  path: fc.constantFrom('', '.a', '.b'),
  form: fc.constantFrom('whole', 'text', 'filter', 'constant', 'status', 'error', 'index'),
});
const step = fc.record({
  component: fc.constantFrom(...COMPONENTS),
  function: fc.constantFrom(...FUNCTIONS),
  a: value,
  b: value,
  when: fc.option(value, { freq: 3, nil: undefined }),
  foreach: fc.option(value, { freq: 3, nil: undefined }),
  onError: fc.constantFrom('stop', 'continue', 'value'),
  middleware: fc.option(fc.constantFrom('dlp', 'approve'), { freq: 4, nil: undefined }),
  release: fc.option(
    fc.tuple(fc.constantFrom('declassify', 'endorse'), fc.constantFrom('input.a', 'input', 'when', 'foreach')),
    { freq: 4, nil: undefined },
  ),
});

/** Up to four components, five steps, six wires, and whatever else a blueprint may say. */
export const randomBlueprint: fc.Arbitrary<RandomBlueprint> = fc
  .record({
    components: fc.tuple(component, component, component, component),
    wires: fc.uniqueArray(wire, {
      maxLength: 6,
      selector: ({ from, to, function: called }) => `${from} ${to} ${called}`,
    }),
    steps: fc.array(step, { maxLength: STEPS.length }),
    policies: fc.array(policy, { maxLength: 2 }),
    input: marks,
    forbid: fc.option(fc.tuple(fc.constantFrom(...COMPONENTS), fc.constantFrom(...COMPONENTS)), { nil: undefined }),
  })
  .map((made) => ({ text: toText(made), facts: toFacts(made) }));

type Made = {
  readonly components: readonly (typeof component extends fc.Arbitrary<infer T> ? T : never)[];
  readonly wires: readonly (typeof wire extends fc.Arbitrary<infer T> ? T : never)[];
  readonly steps: readonly (typeof step extends fc.Arbitrary<infer T> ? T : never)[];
  readonly policies: readonly (typeof policy extends fc.Arbitrary<infer T> ? T : never)[];
  readonly input: readonly string[];
  readonly forbid: readonly [string, string] | undefined;
};
type MadeValue = typeof value extends fc.Arbitrary<infer T> ? T : never;

function toFacts({ components, wires }: Made): BlueprintFacts {
  const facts = new Map<string, ComponentFacts>();
  components.forEach((made, index) => {
    const name = COMPONENTS[index] as string;
    facts.set(name, {
      functions: Object.fromEntries(
        FUNCTIONS.map((called, at) => {
          const own = made.quiet ? undefined : (made.labels[at] ?? made.labels[0]);
          return [
            called,
            {
              ...(own === undefined ? {} : { labels: own as NonNullable<ComponentFacts['labels']> }),
              ...(made.returnsConstant && called === 'g' ? { returns: { const: 1 } } : {}),
            },
          ];
        }),
      ),
      imports: Object.fromEntries(wires.filter(({ from }) => from === name).map((item) => [importOf(item), {}])),
      ...(made.permissions === undefined ? {} : { asked: made.permissions, granted: made.permissions }),
      ...(made.pack === undefined ? {} : { pack: made.pack }),
      ...(made.stateful === undefined ? {} : { stateful: made.stateful }),
    });
  });
  return ({ name }) => facts.get(name);
}

function importOf({ to, function: called }: Made['wires'][number]): string {
  return `${to}-${called}`;
}

function toText({ wires, steps, policies, input, forbid }: Made): string {
  const lines = [
    '[blueprint]',
    'name = "made-up"',
    `skills = [${COMPONENTS.map((name) => `"remote:${name}"`).join(', ')}]`,
  ];
  lines.push('[input]', `labels = [${input.map((mark) => `"${mark}"`).join(', ')}]`, '[wiring]');
  const releases: string[] = [];
  const release = ([kind, where]: readonly [string, string], place: string) =>
    releases.push(`[[${kind}]]`, `where = "${place}${where}"`, 'bits = "unlimited"', 'reason = "a test"');
  for (const item of wires) {
    const fixed = item.fixed === undefined ? '' : `, fixed = { ${item.fixed} = "fixed" }`;
    const middleware = item.middleware === undefined ? '' : `, middleware = ["${item.middleware}"]`;
    lines.push(`"${item.from}.${importOf(item)}" = { provider = "${item.to}.${item.function}"${fixed}${middleware} }`);
    if (item.release !== undefined) release(item.release, `${item.from}.${importOf(item)}.`);
  }
  steps.forEach((item, index) => {
    const inForeach = item.foreach !== undefined;
    lines.push(
      '[[workflow.steps]]',
      `id = "${STEPS[index]}"`,
      `component = "${item.component}"`,
      `function = "${item.function}"`,
    );
    lines.push(`input = { a = '${written(item.a, index, inForeach)}', b = '${written(item.b, index, inForeach)}' }`);
    if (item.when !== undefined) lines.push(`when = '{{ ${path(item.when, index, inForeach)} == "x" }}'`);
    if (item.foreach !== undefined) lines.push(`foreach = '{{ ${path(item.foreach, index, false)} }}'`);
    if (item.onError !== 'stop') lines.push(`on_error = ${item.onError === 'value' ? '{ value = 0 }' : '"continue"'}`);
    if (item.middleware !== undefined) lines.push(`middleware = ["${item.middleware}"]`);
    if (item.release !== undefined) release(item.release, `${STEPS[index]}.`);
  });
  for (const item of policies)
    lines.push(
      '[[policy]]',
      `use = "${item.use}"`,
      `from = "${item.from}"`,
      `to = "${item.to}"`,
      ...(item.on === undefined ? [] : [`on = "${item.on}"`]),
    );
  if (forbid !== undefined)
    lines.push('[[forbid]]', `from = "${forbid[0]}"`, `to = "${forbid[1]}"`, 'flow = "forward"');
  return [...lines, ...releases].join('\n');
}

/** Something that the step at `index` may name. */
function path({ root, path: inner }: MadeValue, index: number, inForeach: boolean): string {
  const roots = ['input', ...STEPS.slice(0, index).map((name) => `${name}.output`), ...(inForeach ? ['item'] : [])];
  return `${roots[root % roots.length]}${inner}`;
}

function written(made: MadeValue, index: number, inForeach: boolean): string {
  const named = path(made, index, inForeach);
  const before = STEPS[made.root % Math.max(1, index)];
  switch (made.form) {
    case 'whole':
      return `{{ ${named} }}`;
    case 'text':
      return `it is {{ ${named} }} and {{ input.a }}`;
    case 'filter':
      return `{{ ${named} | default("none") | json }}`;
    case 'status':
      return index === 0 ? 'first' : `{{ ${before}.status }}`;
    case 'error':
      return index === 0 ? 'first' : `{{ ${before}.error | default("") }}`;
    case 'index':
      return inForeach ? '{{ index }}' : 'alone';
    default:
      return 'a constant';
  }
}
