// What the suite's files do, told by their text: the fake endpoint reads no language.
import { AGENT_NAMES, AGENTS, type AgentName, LANGUAGES } from '../../agents/agents.ts';
import { COMPONENT } from '../../agents/component.ts';
import { SHAPES } from '../../agents/shapes.ts';

export type Args = { readonly [key: string]: unknown };

export type FakeContext = {
  readonly user: string | null;
  readonly pack: string;
  readonly agent: string;
  readonly memory: Map<string, unknown>;
  readonly call: (agent: string, args: Args) => Promise<unknown>;
  readonly note: (type: 'log' | 'progress', attrs: Args) => void;
  readonly source: string;
};

export type FakeAgent = {
  readonly name: string;
  readonly run: (args: Args, context: FakeContext) => unknown;
  /** Paths of what is wrong with arguments. */
  readonly check?: (args: Args) => readonly string[];
  readonly returns?: (output: unknown) => boolean;
};

/** An agent that never ends is stopped after so many milliseconds. */
export const SPIN_MS = 900;

const isNumber = (value: unknown) => typeof value === 'number';
const wrong = (args: Args, checks: { readonly [name: string]: (value: unknown) => boolean }) =>
  Object.entries(checks).flatMap(([name, fits]) => (fits(args[name]) ? [] : [`/${name}`]));
const only = (args: Args, ...names: readonly string[]) =>
  Object.keys(args).flatMap((name) => (names.includes(name) ? [] : [`/${name}`]));

export const fail = (): never => {
  throw new Error('broken on purpose');
};

export class TimeOut extends Error {}

/** How each agent of the suite behaves. */
export const BEHAVIOURS: { readonly [name in AgentName]: Omit<FakeAgent, 'name'> } = {
  echo: { run: ({ value = null }) => value },
  add: {
    run: ({ a, b }) => Number(a) + Number(b),
    check: (args) => [...wrong(args, { a: isNumber, b: isNumber }), ...only(args, 'a', 'b')],
  },
  fail: { run: fail },
  remember: {
    run: ({ key, value }, { memory }) => {
      memory.set(String(key), value);
      return null;
    },
  },
  recall: { run: ({ key }, { memory }) => memory.get(String(key)) ?? null },
  count: {
    run: (_, { memory }) => {
      const n = Number(memory.get('n') ?? 0) + 1;
      memory.set('n', n);
      return n;
    },
  },
  whoami: { run: (_, { user, pack, agent }) => ({ user, pack, agent }) },
  say: {
    run: (_, { note }) => {
      note('log', { message: 'printed' });
      note('log', { message: 'logged', data: { n: 1 } });
      note('progress', { fraction: 0.5, message: 'half' });
      return 'said';
    },
  },
  lie: { run: () => 'no number', returns: isNumber },
  spin: { run: () => new Promise((_, reject) => setTimeout(() => reject(new TimeOut('timeout')), SPIN_MS).unref()) },
  swell: {
    run: () => {
      throw new Error('out of memory');
    },
  },
  flood: { run: ({ bytes }) => 'x'.repeat(Number(bytes)) },
  reach: { run: () => [] },
  relay: { run: async ({ value = null }, { call }) => ({ echoed: await call('echo', { value }) }) },
  second: { run: ({ value = null }) => ({ second: value }) },
  many: {
    run: async ({ n }, { call }) => {
      const got: unknown[] = [];
      for (let i = 0; i < Number(n); i++) got.push(await call('echo', { value: 1 }));
      return got;
    },
  },
  forget: {
    run: ({ key }, { memory }) => {
      memory.delete(String(key));
      return null;
    },
  },
  keys: { run: ({ prefix }, { memory }) => [...memory.keys()].filter((key) => key.startsWith(String(prefix ?? ''))) },
  unjson: { run: () => () => 1 },
  recurse: { run: (_, { call }) => call('recurse', {}) },
  strict: {
    run: ({ n }, { memory }) => {
      memory.set('ran', n);
      return n;
    },
    check: (args) =>
      wrong(args, {
        n: (n) => Number.isInteger(n) && Number(n) > 0,
        kind: (kind) => kind === undefined || kind === 'a' || kind === 'b',
      }),
  },
  unit: { run: ({ unit = 'C' }) => unit },
  stain: { run: () => null },
};

const isText = (value: unknown) => typeof value === 'string';
const greet = (name: string): FakeAgent => ({
  name,
  run: ({ who }) => `Hello ${who}`,
  check: (args) => wrong(args, { who: isText }),
});
const keep = (name: string): FakeAgent => ({
  name,
  run: ({ value }, { memory }) => {
    if (value !== undefined) memory.set('kept', value);
    return memory.get('kept') ?? 'nothing';
  },
});

const OTHERS: { readonly [source: string]: readonly FakeAgent[] } = {
  [SHAPES.pythonClass.source]: [greet('Greet')],
  [SHAPES.pythonClassPlain.source]: [greet('Greet')],
  [SHAPES.pythonClassOther.source]: [greet('Greet')],
  [SHAPES.pythonClasses.source]: [
    { name: 'One', run: () => ({ n: 1 }) },
    { name: 'Two', run: () => '2' },
  ],
  [SHAPES.pythonAsync.source]: [{ name: 'slow_sum', run: ({ a, b = 2 }) => Number(a) + Number(b) }],
  [SHAPES.pythonStorage.source]: [keep('Keep')],
  [SHAPES.pythonMemoryPath.source]: [keep('Note')],
  [SHAPES.typescript.source]: [
    { name: 'typed', run: ({ n }) => ({ doubled: Number(n) * 2 }), check: (args) => wrong(args, { n: isNumber }) },
  ],
  [SHAPES.javascriptJs.source]: [{ name: 'plain', run: () => ({ async: true }) }],
  [SHAPES.lispyScheme.source]: [greet('greet')],
  [SHAPES.lispySchemeDefaults.source]: [{ name: 'noted', run: () => ({ status: 'ok' }) }],
  [SHAPES.lispyLisp.source]: [{ name: 'older', run: () => 7 }],
  [Buffer.from(COMPONENT.source_base64, 'base64').toString('utf8')]: [
    { name: 'echo', run: ({ text }) => text },
    {
      name: 'add',
      run: ({ a, b }) => Number(a) + Number(b),
      check: (args) => wrong(args, { a: isNumber, b: isNumber }),
    },
    {
      name: 'halve',
      run: ({ n }) => (Number(n) % 2 === 0 ? Number(n) / 2 : fail()),
      check: (args) => wrong(args, { n: (n) => Number.isInteger(n) && Number(n) >= 0 && Number(n) < 2 ** 32 }),
    },
    { name: 'move-right', run: ({ p }) => ({ x: (p as { x: number }).x + 1, y: (p as { y: number }).y }) },
  ],
};

/** The agents of a file. @throws Error where it is broken */
export function readFile(source: string, changed: { readonly [name: string]: FakeAgent['run'] }): readonly FakeAgent[] {
  const own = AGENT_NAMES.find((name) => LANGUAGES.some((language) => isSource(source, AGENTS[language][name].source)));
  const found = own === undefined ? OTHERS[source] : [{ ...BEHAVIOURS[own], name: own === 'second' ? 'echo' : own }];
  if (found === undefined) throw new Error(`Line 1: this is no program: ${source.slice(0, 40)}`);
  return found.map((agent) => {
    const run = changed[own ?? agent.name];
    return run === undefined ? agent : { ...agent, run };
  });
}

/** Some have a port written into them, or are longer than they need to be. */
function isSource(source: string, template: string): boolean {
  return template.includes('PORT')
    ? source.startsWith(template.slice(0, template.indexOf('PORT')))
    : source.startsWith(template);
}
