// Every finding that there is, each from a blueprint that has it and goes without it when it is mended.
import type { JsonSchema } from '@pypes/contract';
import { afterAll, describe, expect, test } from 'vitest';
import type { ComponentFacts } from './facts.ts';
import { toGraph } from './graph/to-graph.ts';
import { checkGraph, FINDING_CODES, type Finding } from './guard-check.ts';
import { parseBlueprint } from './parse-blueprint.ts';

type Facts = { readonly [name: string]: ComponentFacts };

const seen = new Set<string>();

function check(text: string, facts: Facts): readonly Finding[] {
  const skills = Object.keys(facts).map((name) => `"remote:${name}"`);
  const head = text.includes('[blueprint]') ? '' : `[blueprint]\nname = "x"\nskills = [${skills.join(', ')}]\n`;
  const found = checkGraph(toGraph(parseBlueprint(head + text, 'agent.toml'), ({ name }) => facts[name]));
  for (const { code } of found) seen.add(code);
  return found;
}

const codes = (text: string, facts: Facts) => check(text, facts).map(({ code }) => code);
const step = (id: string, component: string, rest = '') =>
  `[[workflow.steps]]\nid = "${id}"\ncomponent = "${component}"\n${rest}\n`;
const only = (
  labels: NonNullable<ComponentFacts['labels']>,
  returns?: JsonSchema,
  parameters?: JsonSchema,
): ComponentFacts => ({
  functions: {
    f: { labels, ...(returns === undefined ? {} : { returns }), ...(parameters === undefined ? {} : { parameters }) },
  },
});
const object = (properties: JsonSchema): JsonSchema => ({
  type: 'object',
  properties,
  required: Object.keys(properties),
  additionalProperties: false,
});

const PURE = only({});
const SECRET = only({ reads: ['private'] });
const WEB = only({ reads: ['untrusted'] });
const POST = only({ sends: ['message'] });
const DLP = '[[policy]]\nuse = "dlp"\n';

describe('0, 1, 10: what is there and what it may', () => {
  test('a component or a function that is not there', () => {
    expect(codes('[blueprint]\nname = "x"\nskills = ["remote:gone"]\n', {})).toEqual(['PB001']);
    expect(codes(step('a', 'pure', 'function = "g"'), { pure: PURE })).toContain('PB002');
    expect(codes(step('a', 'two'), { two: { functions: { f: { labels: {} }, g: { labels: {} } } } })).toContain(
      'PB002',
    );
  });

  test('imports and wires', () => {
    const facts = { pure: { ...PURE, imports: { help: {} } }, other: { functions: { help: { labels: {} } } } };
    expect(check(step('a', 'pure') + step('b', 'other'), facts)).toMatchObject([
      { code: 'PB101', repair: { text: expect.stringContaining('"pure.help" = "other.help"') } },
    ]);
    expect(codes(`[wiring]\n"pure.help" = "other.help"\n${step('a', 'pure')}`, facts)).toEqual([]);
    const [wire] = check(
      `[wiring]\n"pure.help" = "other.help"\n"pure.hlep" = "other.help"\n${step('a', 'pure')}`,
      facts,
    );
    expect(wire).toMatchObject({
      code: 'PB104',
      repair: { edit: { start: { line: 6, column: 1 }, end: { line: 7, column: 1 }, text: '' } },
    });
    expect(codes(step('a', 'pure'), { pure: PURE, other: PURE })).toEqual(['PB105']);
  });

  test('permissions: asked and not granted, granted and not asked, narrowed and widened', () => {
    const asked = { network: ['api.example:443'], memory: 'read' } as const;
    const make = (granted: ComponentFacts['granted']): Facts => ({
      pure: { ...PURE, asked, ...(granted === undefined ? {} : { granted }) },
    });
    expect(codes(step('a', 'pure'), make(asked))).toEqual([]);
    expect(codes(step('a', 'pure'), make({ network: ['*.example:443'], memory: 'read' }))).toEqual(['PB103']);
    expect(codes(step('a', 'pure'), make({ memory: 'read-write' }))).toEqual(['PB102', 'PB103']);
    const narrowed = (permissions: string) =>
      `[components]\npure = { permissions = ${permissions} }\n${step('a', 'pure')}`;
    expect(codes(narrowed('{ memory = "read" }'), make(asked))).toEqual([]);
    expect(codes(narrowed('{ memory = "read-write" }'), make(asked))).toEqual(['PB102', 'PB1001']);
    expect(
      codes(
        `${step('a', 'pure')}[grants]\npure = { memory = "read", network = ["api.example:443"] }\n`,
        make({ memory: 'read' }),
      ),
    ).toEqual(['PB1002']);
  });

  test('one grant is taken out by an edit where it stands on a line of its own', () => {
    const [finding] = check(`${step('a', 'pure')}[grants.pure]\nvault = ["KEY"]\n`, { pure: { ...PURE, asked: {} } });
    expect(finding).toMatchObject({
      code: 'PB103',
      repair: { edit: { start: { line: 9, column: 1 }, end: { line: 10, column: 1 } } },
    });
  });
});

describe('2 to 5: where values get', () => {
  test('a forbidden pair, the other way round, and a bound', () => {
    const facts = { a: only({}, { type: 'boolean' }), b: PURE };
    const forbid = (more = '') =>
      `${step('one', 'a')}${step('two', 'b', 'input = { x = "{{ one.output }}" }')}[[forbid]]\n${more}`;
    expect(codes(forbid('from = "a"\nto = "b"'), facts)).toEqual(['PB201']);
    expect(codes(forbid('from = "a"\nto = "b"\nmax_bits = 1'), facts)).toEqual([]);
    expect(check(forbid('from = "b"\nto = "a"'), facts)).toMatchObject([{ code: 'PB202', severity: 'warning' }]);
    expect(check(forbid('from = "b"\nto = "a"\nflow = "both"'), facts)).toMatchObject([
      { code: 'PB202', severity: 'error' },
    ]);
    expect(codes(forbid('from = "b"\nto = "a"\nflow = "forward"'), facts)).toEqual([]);
    expect(
      codes(
        `${step('one', 'a')}${step('two', 'b', 'when = "{{ one.output }}"')}[[forbid]]\nfrom = "a"\nto = "b"`,
        facts,
      ),
    ).toEqual(['PB201']);
  });

  test('a place that refuses a label: a component, the output, and a way out under a labels policy', () => {
    const flow = step('one', 'secret') + step('two', 'pure', 'input = { x = "{{ one.output }}" }');
    expect(codes(`[components]\npure = { refuses = ["private"] }\n${flow}`, { secret: SECRET, pure: PURE })).toEqual([
      'PB301',
    ]);
    expect(
      codes(`${flow}[output]\nvalue = "{{ two.output }}"\nrefuses = ["private"]`, { secret: SECRET, pure: PURE }),
    ).toEqual(['PB301']);
    const out = step('one', 'secret') + step('two', 'post', 'input = { x = "{{ one.output }}" }');
    expect(codes(`${out}${DLP}`, { secret: SECRET, post: POST })).toEqual([]);
    expect(codes(`${out}${DLP}[[policy]]\nuse = "labels"\n`, { secret: SECRET, post: POST })).toEqual(['PB301']);
  });

  test('the trifecta ends with an endorsement, a declassification or an approval, and not with another name', () => {
    const facts = { secret: SECRET, web: only({ reads: ['untrusted'] }, { type: 'boolean' }), post: POST };
    const flow = `${step('one', 'secret')}${step('two', 'web')}${step('three', 'post', 'input = { a = "{{ one.output }}", b = "{{ two.output }}" }')}${DLP}`;
    expect(codes(flow, facts)).toEqual(['PB401']);
    expect(
      codes(`${flow}[[endorse]]\nwhere = "three.input.b"\ntype = "boolean"\nbits = 1\nreason = "yes or no"\n`, facts),
    ).toEqual([]);
    expect(
      codes(`${flow}[[declassify]]\nwhere = "three.input.a"\nbits = "unlimited"\nreason = "it is ours"\n`, facts),
    ).toEqual(['PB503']);
    expect(codes(`${flow}[[policy]]\nuse = "approve"\nto = "post"\n`, facts)).toEqual([]);
    expect(codes(`${flow}[[policy]]\nuse = "approve"\nto = "web"\n`, facts)).toEqual(['PB401']);
    expect(codes(`${flow}[flow]\nmax_untrusted_bits = 1\n`, facts)).toEqual([]);
  });

  test('what is free adds up over all ways: two bits are more than one', () => {
    const facts = {
      secret: SECRET,
      web: only({ reads: ['untrusted'] }, { type: 'boolean' }),
      other: only({ reads: ['untrusted'] }, { type: 'boolean' }),
      post: POST,
    };
    const flow = `${step('one', 'secret')}${step('two', 'web')}${step('more', 'other')}${step('three', 'post', 'input = { a = "{{ one.output }}", b = "{{ two.output }}", c = "{{ more.output }}" }')}${DLP}`;
    expect(codes(`${flow}[flow]\nmax_untrusted_bits = 1\n`, facts)).toEqual(['PB401']);
    expect(codes(`${flow}[flow]\nmax_untrusted_bits = 2\n`, facts)).toEqual([]);
  });

  test('releases hold what they declare', () => {
    const make = (returns: JsonSchema) => ({
      secret: SECRET,
      web: only({ reads: ['untrusted'] }, returns),
      post: POST,
    });
    const flow = (endorse: string) =>
      `${step('one', 'secret')}${step('two', 'web')}${step('three', 'post', 'input = { a = "{{ one.output }}", b = "{{ two.output }}" }')}${DLP}[[endorse]]\nwhere = "three.input.b"\nreason = "x"\n${endorse}\n`;
    expect(codes(flow('bits = 4'), make({ enum: ['a', 'b', 'c', 'd', 'e'] }))).toEqual([]);
    expect(codes(flow('bits = 2'), make({ enum: ['a', 'b', 'c', 'd', 'e'] }))).toEqual(['PB501']);
    expect(codes(flow('bits = 8'), make({ type: 'string' }))).toEqual(['PB501']);
    expect(codes(flow('bits = 8\ntype = "boolean"'), make({ type: 'string' }))).toEqual(['PB502']);
    expect(codes(flow('bits = 8\ntype = ["yes", "no"]'), { ...make({}), web: WEB })).toEqual([]);
    expect(codes(flow('bits = 8'), { ...make({ type: 'boolean' }), web: only({}, { type: 'boolean' }) })).toEqual([
      'PB504',
    ]);
  });

  test('bits count as often as they pass', () => {
    const list = only({}, { type: 'array', items: { type: 'string' }, maxItems: 10 });
    const facts = { list, secret: SECRET, web: only({ reads: ['untrusted'] }, { type: 'boolean' }), post: POST };
    const flow = (bits: number) =>
      `${step('items', 'list')}${step('one', 'secret')}${step('two', 'web')}${step('three', 'post', 'foreach = "{{ items.output }}"\ninput = { a = "{{ one.output }}", b = "{{ two.output }}" }')}${DLP}[[endorse]]\nwhere = "three.input.b"\nreason = "x"\nbits = ${bits}\n`;
    expect([codes(flow(9), facts), codes(flow(10), facts)]).toEqual([['PB501'], []]);
  });

  test('a wire carries a bit as often as it is used', () => {
    const facts = {
      asks: { ...POST, imports: { yes: {} } },
      secret: only({ reads: ['private'] }, { type: 'boolean' }),
    };
    const flow = (wire: string) =>
      `[wiring]\n"asks.yes" = ${wire}\n${step('one', 'asks')}${DLP}[[policy]]\nuse = "labels"\n[flow]\nmax_private_bits = 3\n`;
    expect(codes(flow('"secret.f"'), facts)).toEqual(['PB301']);
    expect(codes(flow('{ provider = "secret.f", max_calls = 4 }'), facts)).toEqual(['PB301']);
    expect(codes(flow('{ provider = "secret.f", max_calls = 3 }'), facts)).toEqual([]);
  });

  test('a model joins all functions of its component, and without one each stands alone', () => {
    const two = (ai: boolean): ComponentFacts => ({
      functions: { read: { labels: {} }, write: { labels: {} } },
      ...(ai ? { asked: { ai }, granted: { ai } } : {}),
    });
    const flow = `${step('one', 'secret')}${step('put', 'two', 'function = "read"\ninput = { x = "{{ one.output }}" }')}${step('out', 'two', 'function = "write"')}${step('three', 'post', 'input = { a = "{{ out.output }}" }')}`;
    expect(codes(flow, { secret: SECRET, two: two(false), post: POST })).toEqual([]);
    expect(codes(flow, { secret: SECRET, two: two(true), post: POST })).toEqual(['PB901']);
  });

  test('a label of one field stays with it', () => {
    const mail = only({ reads: [], fields: { '/body': ['private'] } });
    const flow = (field: string) =>
      `${step('one', 'mail')}${step('two', 'post', `input = { a = "{{ one.output.${field} }}" }`)}`;
    expect(codes(flow('subject'), { mail, post: POST })).toEqual([]);
    expect(codes(flow('body'), { mail, post: POST })).toEqual(['PB901']);
  });

  test('where nobody says what a component does, its permissions decide', () => {
    const flow = step('one', 'secret') + step('two', 'quiet', 'input = { x = "{{ one.output }}" }') + DLP;
    const quiet = (more: Partial<ComponentFacts>): ComponentFacts => ({ functions: { f: {} }, ...more });
    const granted = { network: ['api.example:443'] };
    expect(codes(flow, { secret: SECRET, quiet: quiet({}) })).toEqual([]);
    expect(codes(flow, { secret: SECRET, quiet: quiet({ asked: granted, granted }) })).toEqual(['PB401']);
    expect(codes(flow, { secret: SECRET, quiet: quiet({ sandboxed: false }) })).toEqual(['PB401', 'PB901']);
  });
});

describe('6 to 9: how much, of what form, where to, and what stands between', () => {
  const text = (maxLength?: number): JsonSchema => ({
    type: 'string',
    ...(maxLength === undefined ? {} : { maxLength }),
  });

  test('payloads and budgets', () => {
    const facts = (length?: number) => ({ a: only({}, text(length)), b: only({}, { type: 'boolean' }) });
    const flow = (more: string) =>
      `${step('one', 'a')}${step('two', 'b', 'input = { x = "{{ one.output }}" }')}${more}`;
    expect(codes(flow('[max_payload_size]\ndefault = 1000\n'), facts(100))).toEqual([]);
    expect(codes(flow('[max_payload_size]\ndefault = 100\n'), facts(100))).toEqual(['PB601', 'PB601']);
    expect(codes(flow('[max_payload_size]\ndefault = 100\n'), facts())).toEqual([]);
    expect(codes(flow('[max_payload_size]\ntwo = 100\n'), facts())).toEqual(['PB604']);
    expect(codes(flow('[[policy]]\nuse = "data-budget"\nto = "b"\nmax_calls_per_run = 0\n'), facts(1))).toEqual([
      'PB603',
    ]);
    expect(
      codes(flow('[[policy]]\nuse = "data-budget"\nto = "b"\nmax_bytes_per_run = 10\non = "reply"\n'), facts(1)),
    ).toEqual([]);
    expect(codes(flow('[[policy]]\nuse = "data-budget"\nto = "b"\nmax_bytes_per_run = 10\n'), facts())).toEqual([
      'PB604',
    ]);
    expect(codes(flow('[[policy]]\nuse = "data-budget"\nfrom = "a"\nmax_bytes_per_run = 1\n'), facts(1))).toEqual([]);
  });

  test('arguments, replies, templates', () => {
    const taking = (part: JsonSchema) => only({}, undefined, object({ x: part }));
    const flow = (value: string) => step('one', 'a') + step('two', 'b', `input = { x = '${value}' }`);
    const a = only({}, object({ n: { type: 'integer' } }));
    expect(codes(flow('{{ one.output.n }}'), { a, b: taking({ type: 'number' }) })).toEqual([]);
    expect(codes(flow('{{ one.output.n }}'), { a, b: taking(text()) })).toEqual(['PB701']);
    expect(codes(flow('{{ one.output.n | text }}'), { a, b: taking(text()) })).toEqual([]);
    expect(codes(flow('{{ one.output.m }}'), { a, b: PURE })).toEqual(['PB703']);
    expect(codes(flow('{{ one.output.n | upper }}'), { a, b: PURE })).toEqual(['PB703']);
    expect(codes(flow('{{ one.output.n }}'), { a: PURE, b: taking(text()) })).toEqual(['PB704']);
    expect(codes(step('one', 'a') + step('two', 'b', 'when = "{{ one.output.n }}"'), { a, b: PURE })).toEqual([
      'PB703',
    ]);
    expect(codes(step('one', 'a') + step('two', 'b', 'foreach = "{{ one.output.n }}"'), { a, b: PURE })).toEqual([
      'PB703',
    ]);
    const wired = { a: { ...PURE, imports: { ask: { returns: text() } } }, b: only({}, { type: 'integer' }) };
    expect(codes(`[wiring]\n"a.ask" = "b.f"\n${step('one', 'a')}`, wired)).toEqual(['PB702']);
  });

  test('a result that may be missing says so where it is read', () => {
    const a = only({}, object({ n: { type: 'integer' } }));
    const flow = (value: string) =>
      step('one', 'a', 'when = "{{ input.go }}"') + step('two', 'b', `input = { x = '${value}' }`);
    expect(check(flow('{{ one.output.n }}'), { a, b: PURE })).toMatchObject([{ code: 'PB703', severity: 'note' }]);
    expect(codes(flow('{{ one.output.n | default(0) }}'), { a, b: PURE })).toEqual([]);
  });

  test('destinations: by a field, by a wire, and fixed', () => {
    const send = only({ sends: ['message'], destinations: ['to'] });
    const facts = { web: WEB, send, asks: { ...PURE, imports: { send: {} } } };
    const flow = (wire: string) =>
      `[wiring]\n"asks.send" = ${wire}\n${step('one', 'web')}${step('two', 'asks', 'input = { x = "{{ one.output }}" }')}`;
    expect(codes(flow('"send.f"'), facts)).toEqual(['PB801']);
    expect(codes(flow('{ provider = "send.f", fixed = { to = "me" } }'), facts)).toEqual([]);
    expect(codes(flow('{ provider = "send.f", middleware = ["approve"] }'), facts)).toEqual([]);
    const field = (name: string) =>
      step('one', 'web') + step('two', 'send', `input = { ${name} = "{{ one.output }}" }`);
    expect([codes(field('to'), { web: WEB, send }), codes(field('body'), { web: WEB, send })]).toEqual([['PB801'], []]);
    expect(
      codes(`${step('one', 'web')}${step('two', 'send', 'input = "{{ one.output }}"')}`, { web: WEB, send }),
    ).toEqual(['PB801']);
  });

  test('DLP has to stand on every way, and the repair makes it so', () => {
    const source = step('one', 'secret') + step('two', 'post', 'input = { a = "{{ one.output }}" }');
    const facts = { secret: SECRET, post: POST };
    const [finding] = check(source, facts);
    expect(finding?.code).toBe('PB901');
    expect(codes(source + finding?.repair?.edit?.text, facts)).toEqual([]);
    expect(codes(`${source}[[policy]]\nuse = "dlp"\nfrom = "secret"\nto = "post"\n`, facts)).toEqual(['PB901']);
    const two = `${source}${step('three', 'post', 'input = { a = "{{ one.output }}" }\nmiddleware = ["dlp"]')}`;
    expect(check(two, facts).map(({ where }) => where.line)).toEqual([8]);
  });
});

afterAll(() => {
  const known = ['PB402', 'PB602'];
  expect([...seen, ...known].sort()).toEqual(Object.keys(FINDING_CODES).sort());
});
