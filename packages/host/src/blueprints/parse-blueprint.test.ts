// Parsing: what is there is there, and everything that is wrong is said at once, at its place.
import { isPypesError } from '@pypes/contract';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { nameOfSkill } from './parse/names.ts';
import { parseBlueprint, readBlueprint } from './parse-blueprint.ts';

const HEAD = '[blueprint]\nname = "x"\nskills = ["remote:mail", "remote:web"]\n';

function problemsOf(text: string): readonly (readonly [number, number, string])[] {
  return readBlueprint(text, 'agent.toml').problems.map(
    ({ where, message }) => [where.line, where.column, message] as const,
  );
}

describe('what a blueprint says', () => {
  test('skills are components of their last name, unless [components] names them', () => {
    const { components } = parseBlueprint(
      '[blueprint]\nname = "x"\nskills = ["remote:acme:mail@^1", "oci://host/team/web:1.0"]\n[components]\nbrowser = { skill = "oci://host/team/web:1.0" }\n',
      'agent.toml',
    );
    expect([...components.keys()].sort()).toEqual(['browser', 'mail']);
    expect(
      ['https://h/a/tool.wasm', './skills/one.skill', 'explicit:finance@1.0.0', 'oci://h/r@sha256:ab'].map(nameOfSkill),
    ).toEqual(['tool', 'one', 'finance', 'r']);
  });

  test('wires as texts, as tables, and under a table of their component mean the same', () => {
    for (const text of ['"mail.get" = "web.read"', '"mail.get" = { provider = "web.read" }', 'mail.get = "web.read"']) {
      const [wire] = parseBlueprint(`${HEAD}[wiring]\n${text}\n`, 'agent.toml').wires;
      expect([wire?.component, wire?.import, wire?.provider.component, wire?.provider.function]).toEqual([
        'mail',
        'get',
        'web',
        'read',
      ]);
    }
    expect(parseBlueprint(`${HEAD}[wiring.mail]\nget = "web.read"\n`, 'agent.toml').wires).toHaveLength(1);
  });

  test('defaults', () => {
    const { maxPayload, freeBits, input, steps } = parseBlueprint(
      `${HEAD}[[workflow.steps]]\nid = "a"\ncomponent = "mail"\n`,
      'agent.toml',
    );
    expect([maxPayload.default.value, freeBits, input.labels]).toEqual([65_536, { private: 0, untrusted: 0 }, []]);
    expect(steps[0]).toMatchObject({ retries: 0, onError: { kind: 'stop' }, after: [], input: { kind: 'object' } });
  });
});

describe('what is wrong with it', () => {
  test('everything at once, in the order of the file, with what was meant', () => {
    const found = problemsOf(
      [
        '[blueprint]',
        'nmae = "x"',
        'skills = ["remote:mail"]',
        '[[workflow.steps]]',
        'id = "one"',
        'component = "mial"',
        'fucntion = "send"',
        'retries = 99',
        'input = { to = "{{ inptu.to }}" }',
        '[[policy]]',
        'use = "dpl"',
      ].join('\n'),
    );
    expect(found.map(([line, column]) => [line, column])).toEqual([
      [1, 2],
      [2, 1],
      [6, 13],
      [7, 1],
      [8, 11],
      [9, 20],
      [11, 7],
    ]);
    for (const meant of ['name', 'mail', 'function', 'input', 'dlp']) {
      expect(found.some(([, , message]) => message.includes(`did you mean "${meant}"?`))).toBe(true);
    }
  });

  test('a semicolon between keys is explained', () => {
    const [[line, column, message] = []] = problemsOf('[blueprint]\nname = "x"; version = "1.0.0"');
    expect([line, column]).toEqual([2, 11]);
    expect(message).toMatch(/next line/);
  });

  test('the error of parsing carries all problems as data', () => {
    try {
      parseBlueprint('[blueprint]\nname = 3\n[extra]\n', 'agent.toml');
      expect.unreachable();
    } catch (error) {
      expect(isPypesError(error) && error.code).toBe('invalid_request');
      expect(isPypesError(error) && error.details?.problems).toMatchObject([
        { path: 'agent.toml', line: 2, column: 8 },
        { path: 'agent.toml', line: 3, column: 2 },
      ]);
    }
  });

  test.each([
    [
      'steps that wait for each other',
      '[[workflow.steps]]\nid = "a"\ncomponent = "mail"\ninput = { x = "{{ b.output }}" }\n[[workflow.steps]]\nid = "b"\ncomponent = "mail"\nafter = ["a"]\n',
      4,
    ],
    [
      'two steps of one id',
      '[[workflow.steps]]\nid = "a"\ncomponent = "mail"\n[[workflow.steps]]\nid = "a"\ncomponent = "mail"\n',
      8,
    ],
    ['an id that templates need', '[[workflow.steps]]\nid = "input"\ncomponent = "mail"\n', 5],
    [
      'a part that a step does not have',
      '[[workflow.steps]]\nid = "a"\ncomponent = "mail"\n[output]\nvalue = "{{ a.body }}"\n',
      8,
    ],
    ['item outside of foreach', '[[workflow.steps]]\nid = "a"\ncomponent = "mail"\ninput = { x = "{{ item }}" }\n', 7],
    ['a condition that is no expression', '[[workflow.steps]]\nid = "a"\ncomponent = "mail"\nwhen = "yes"\n', 7],
    ['a wire of an unknown component', '[wiring]\n"mail.f" = "wbe.read"\n', 5],
    ['two wires of one import', '[wiring]\n"mail.f" = "web.a"\n[wiring.mail]\nf = "web.b"\n', 7],
    [
      'a release without a bound',
      '[[workflow.steps]]\nid = "a"\ncomponent = "mail"\n[[endorse]]\nwhere = "a.when"\nreason = "x"\n',
      7,
    ],
    ['a release at no place', '[[endorse]]\nwhere = "a.nowhere"\nbits = 1\nreason = "x"\n', 5],
    ['a release at no step', '[[endorse]]\nwhere = "a.when"\nbits = 1\nreason = "x"\n', 5],
    ['an unknown permission', '[grants]\nmail = { netwrok = ["a.example"] }\n', 5],
    ['a grant for nobody', '[grants]\nmaul = { ai = true }\n', 5],
    ['a policy for nobody', '[[policy]]\nuse = "dlp"\nto = "wbe"\n', 4],
    ['a limit for no wire', '[max_payload_size]\n"mail.f" = 3\n', 5],
    [
      'a number that JSON does not have',
      '[[workflow.steps]]\nid = "a"\ncomponent = "mail"\ninput = { x = 9007199254740993 }\n',
      7,
    ],
  ])('%s', (_name, text, line) => {
    expect(problemsOf(HEAD + text).map(([at]) => at)).toEqual([line]);
  });

  test('policies are checked by whoever knows them, and the place is found', () => {
    const { problems } = readBlueprint(
      `${HEAD}[[policy]]\nuse = "rate"\nname = "slow"\nmax_calls = "many"\n`,
      'agent.toml',
      {
        checkPolicies: (tables) => {
          expect(tables).toEqual([{ use: 'rate', max_calls: 'many' }]);
          return [{ path: '/0/max_calls', message: 'takes a number' }];
        },
      },
    );
    expect(problems.map(({ where }) => [where.line, where.column])).toEqual([[7, 1]]);
  });

  test('a fault in a template is found behind escapes and in texts of several lines', () => {
    const step = '[[workflow.steps]]\nid = "a"\ncomponent = "mail"\n';
    expect(problemsOf(`${HEAD}${step}input = { x = "\\u0041\\n\\"{{ input.a | uppr }}" }\n`)[0]?.slice(0, 2)).toEqual([
      7, 39,
    ]);
    expect(problemsOf(`${HEAD}${step}input.x = """\none\n  {{ input.a ! }}"""\n`)[0]?.slice(0, 2)).toEqual([9, 14]);
    expect(problemsOf(`${HEAD}${step}input.x = """\none \\\n   {{ ? }}"""\n`)[0]?.slice(0, 2)).toEqual([9, 7]);
  });

  test('no text makes it fail in another way', () => {
    const pieces = [
      '[blueprint]\n',
      'name="x"\n',
      '[[',
      ']]',
      '{{',
      '}}',
      '"',
      "'",
      '=',
      '\n',
      '.',
      '[components]\n',
      'a={path="b"}\n',
      '{',
      '}',
      '[',
      ']',
      '\\',
      '#',
      '[[workflow.steps]]\n',
      'id="s"\n',
      'component="a"\n',
    ];
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.constantFrom(...pieces), fc.string({ maxLength: 4 })), { maxLength: 30 }),
        (parts) => {
          const { problems } = readBlueprint(parts.join(''), 'agent.toml');
          for (const { where } of problems) expect(where.line > 0 && where.column > 0).toBe(true);
        },
      ),
      { numRuns: 500 },
    );
    expect(readBlueprint('['.repeat(200_000), 'agent.toml').problems).toHaveLength(1);
    expect(readBlueprint(`a = ${'['.repeat(100_000)}`, 'agent.toml').problems.length).toBeGreaterThan(0);
  });
});
