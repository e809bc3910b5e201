// Both shapes of a Python agent, and what may come out of them.
import { expect, it } from 'vitest';
import { createTestContext } from '../testing/context.ts';
import { agentFile, callAgent, describePython, failureOf, usePython } from './testing.ts';

const BASE_IMPORTS = [
  'from agents.basic_agent import BasicAgent',
  'from basic_agent import BasicAgent',
  'from openrappter.agents.basic_agent import BasicAgent',
  'import agents.basic_agent\nBasicAgent = agents.basic_agent.BasicAgent',
];

const METADATA =
  '{"name": "Greet", "description": "Greets", "parameters": {"type": "object", "properties": {"who": {"type": "string"}}}}';

const INITIALIZERS: readonly [what: string, body: string][] = [
  ['by position', `super().__init__("Greet", ${METADATA})`],
  ['by keyword', `super().__init__(metadata=${METADATA}, name="Greet")`],
  [
    'with nothing after the attributes',
    `self.name = "Greet"\n        self.metadata = ${METADATA}\n        super().__init__()`,
  ],
  ['by the base class', `BasicAgent.__init__(self, "Greet", ${METADATA})`],
];

describePython('agents', () => {
  const python = usePython();

  it('runs AGENT and run with keyword arguments and defaults', async () => {
    const agent = await python.load(`
AGENT = {"name": "weather", "description": "Tells", "extra": [1]}
def run(context, city, unit="C"):
    return {"city": city, "unit": unit, "agent": context.agent}
`);
    expect(agent.metadata).toMatchObject({ name: 'weather', description: 'Tells', extra: [1] });
    const { value } = await callAgent(agent, { city: 'Tromsø' }, createTestContext({ agent: 'weather' }));
    expect(value).toEqual({ city: 'Tromsø', unit: 'C', agent: 'weather' });
  });

  it.each(['return city', 'import asyncio\n    await asyncio.sleep(0.001)\n    return city'])(
    'awaits an async run: %s',
    async (body) => {
      const text = `AGENT = {"name": "a"}\nasync def run(context, city):\n    context.memory.set("k", city)\n    ${body}\n`;
      expect((await python.call(text, { city: 'Oslo' })).value).toBe('Oslo');
    },
  );

  it.each(BASE_IMPORTS)('provides the base class: %s', async (line) => {
    const agent = await python.load(`${line}
class GreetAgent(BasicAgent):
    def __init__(self):
        super().__init__("Greet", ${METADATA})
    def perform(self, **kwargs):
        return f"Hello {kwargs.get('who')} {self.system_context()}"
`);
    expect(agent.metadata).toMatchObject({ name: 'Greet', description: 'Greets' });
    expect((await callAgent(agent, { who: 'Ann' }, createTestContext())).value).toBe('Hello Ann None');
  });

  it.each(INITIALIZERS)('takes name and metadata %s, read and run alike', async (_what, body) => {
    const text = (extra: string) => `from basic_agent import BasicAgent
class Greeter(BasicAgent):
    def __init__(self):
        ${body}${extra}
    def perform(self, **kwargs):
        return self.name
`;
    const read = await python.load(text(''));
    const run = await python.load(text('\n        self.metadata = dict(self.metadata, **{})'));
    expect(run.metadata).toEqual(read.metadata);
    expect(read.metadata).toMatchObject({ name: 'Greet', parameters: { properties: { who: { type: 'string' } } } });
    expect((await callAgent(read, {}, createTestContext())).value).toBe('Greet');
  });

  it('finds several classes, and only those that are agents', async () => {
    const agents = await python.loadAll(`
from basic_agent import BasicAgent
class One(BasicAgent):
    def perform(self, **kwargs): return "1"
class _Hidden(BasicAgent):
    def perform(self, **kwargs): return "hidden"
class Plain:
    name = "plain"
    metadata = {"description": "no base"}
    async def perform(self, **kwargs): return {"n": 2}
class Tool:
    pass
`);
    expect(agents.map((agent) => agent.metadata.name)).toEqual(['One', 'plain']);
    const values = await Promise.all(agents.map((agent) => agent.run(createTestContext(), {})));
    expect(values).toEqual(['1', { n: 2 }]);
  });

  it.each<[string, unknown]>([
    ['None', null],
    ['"text \\u00e9 \\U0001F600"', 'text é 😀'],
    ['(1, 2.5, True)', [1, 2.5, true]],
    ['{"a": {"b": []}}', { a: { b: [] } }],
    ['2**53 - 1', 9007199254740991],
    ['2**53', '9007199254740992'],
    ['{"n": [-2**63]}', { n: ['-9223372036854775808'] }],
    ['collections.OrderedDict(a=E.X)', { a: 1 }],
  ])('returns %s', async (expression, value) => {
    const head = 'import collections, enum\nclass E(enum.IntEnum):\n    X = 1';
    expect((await python.call(agentFile(`return ${expression}`, head))).value).toEqual(value);
  });

  it.each([
    ['{"items": [1, {"when": datetime.date(2026, 1, 1)}]}', '$.items[1].when', 'date'],
    ['[float("nan")]', '$[0]', 'float'],
    ['float("inf")', '$', 'float'],
    ['{"a": {1: 2}}', '$.a', 'int'],
    ['b"raw"', '$', 'bytes'],
    ['{1, 2}', '$', 'set'],
    ['(n for n in [])', '$', 'generator'],
    ['object()', '$', 'object'],
  ])('refuses %s as invalid_output at %s', async (expression, path, type) => {
    const error = await failureOf(python.call(agentFile(`return ${expression}`, 'import datetime')));
    expect(error).toMatchObject({ code: 'invalid_output', details: { path, type } });
  });

  it('refuses a value that contains itself', async () => {
    expect((await failureOf(python.call(agentFile('a = []\na.append(a)\nreturn a')))).code).toBe('invalid_output');
  });

  it('refuses a result beyond the limit in the worker', async () => {
    const agent = await python.load(agentFile('return "x" * 100'), {}, { outputBytes: 50 });
    expect((await failureOf(agent.run(createTestContext(), {}))).code).toBe('output_too_large');
  });

  it.each(['def run(city):', 'def run():', 'def run(*, city):'])('says how to write %s', async (line) => {
    const text = `AGENT = {"name": "a", "parameters": {"type": "object", "properties": {"city": {}}}}\n${line}\n    return 1\n`;
    for (const file of [text, text.replace('{"name"', 'dict() | {"name"')]) {
      const error = await failureOf(python.loadAll(file));
      expect(error).toMatchObject({ code: 'agent_broken' });
      expect(error.message).toContain('def run(context');
    }
  });

  it.each([
    'def run(**args):\n    return args',
    'def run(ctx, **args):\n    return args',
    'def run(*, context, **args):\n    return args',
  ])('calls %s properly', async (body) => {
    expect((await python.call(`AGENT = {"name": "a"}\n${body}\n`, { x: 1 })).value).toEqual({ x: 1 });
  });
});
