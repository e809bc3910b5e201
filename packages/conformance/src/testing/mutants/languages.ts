// Endpoints that run a language wrongly.

import { LANGUAGES } from '../../agents/agents.ts';
import { COMPONENT } from '../../agents/component.ts';
import type { Args, FakeContext } from '../fake/agents.ts';
import { answerJson, type Mutation } from '../fake/http.ts';
import {
  answers,
  CALL,
  DEPLOY,
  instead,
  json,
  type Mutant,
  type Mutants,
  PACK,
  parse,
  refuse,
  sent,
  status,
} from './mutate.ts';

/** Files of a component are others. */
const component = (what: string, agents: NonNullable<Mutant['agents']>, also: Mutant['also'] = []): Mutant => ({
  what,
  agents,
  also,
});
const refused = (part: string): Mutant => ({
  what: 'it is no agent',
  mutation: instead(DEPLOY, ({ body }) => (body.includes(part) ? refuse(400) : undefined)),
  also: 'group',
});

const three = (language: string) => [
  [
    `LANG-${language}-1`,
    [
      {
        what: 'names are of files',
        mutation: json(PACK, (body) => ({
          ...body,
          agents: body.agents.map((name) => (name === 'unit' ? 'unit_agent' : name)),
        })),
      },
      { what: 'sums are whole', agents: { add: ({ a, b }: Args) => Math.floor(Number(a) + Number(b)) } },
      {
        what: 'texts are bytes',
        agents: { echo: ({ value }: Args) => JSON.parse(JSON.stringify(value ?? null).replaceAll('ü', '?')) },
      },
      { what: 'nothing is given where nothing was', agents: { unit: ({ unit = null }: Args) => unit } },
      { what: 'schemas are not looked at', mutation: status(CALL, 400, 200), also: ['LANG-component-2'] },
    ],
  ],
  [
    `LANG-${language}-2`,
    [
      {
        what: 'in other words',
        mutation: json(CALL, (body) => ({ ...body, message: 'it failed' }), [500]),
        also: ['LANG-component-3'],
      },
      {
        what: 'a lie is an answer',
        mutation: instead(CALL, ({ body }) =>
          body.includes('"lie"') ? answerJson({ status: 'ok', output: 'x' }) : undefined,
        ),
      },
      { what: 'a function is nothing', agents: { unjson: () => null } },
    ],
  ],
  [
    `LANG-${language}-3`,
    [
      { what: 'no memory', agents: { count: () => 1 } },
      { what: 'no list of memory', agents: { keys: () => [] } },
      { what: 'no other agents', agents: { relay: () => null } },
      {
        what: 'no progress',
        agents: {
          say: () => {
            throw new Error('context.progress is no function');
          },
        },
      },
      {
        what: 'nobody calls',
        agents: { whoami: (_: Args, { pack, agent }: FakeContext) => ({ user: null, pack, agent }) },
      },
    ],
  ],
];

export const LANGUAGE_MUTANTS: Mutants = {
  ...(Object.fromEntries(
    LANGUAGES.flatMap((language) =>
      three(language).map(([id, mutants]) => [
        id,
        (mutants as Mutant[]).map((mutant) => ({ ...mutant, also: 'group' })),
      ]),
    ),
  ) as never as Mutants),
  'LANG-component-1': [
    { ...refused(COMPONENT.filename), also: 'group' },
    {
      what: 'one agent for all',
      mutation: json(PACK, (body) => ({
        ...body,
        agents: body.agents.includes('halve' as never) ? ['plain'] : body.agents,
      })),
    },
    component('records are lists', { 'move-right': () => [2, -2] }),
    {
      what: 'texts are bytes',
      mutation: json(CALL, (body) => ({
        ...body,
        output: typeof body.output === 'string' ? String(body.output).replaceAll('𝄞', '??') : body.output,
      })),
    },
  ],
  'LANG-component-2': [
    { what: 'types are not looked at', mutation: status(CALL, 400, 500), also: 'group' },
    {
      what: 'bounds are not looked at',
      mutation: answers(CALL, (answer, { body }) =>
        body.includes('"n":-1') ? answerJson({ status: 'ok', output: 0 }) : answer,
      ),
    },
  ],
  'LANG-component-3': [
    {
      what: 'it is an answer',
      mutation: answers(CALL, (answer, { body }) =>
        body.includes('"halve"') && answer.status === 500
          ? answerJson({ status: 'ok', output: { err: 'broken on purpose' } })
          : answer,
      ),
    },
    {
      what: 'in other words',
      mutation: json(
        CALL,
        (body, { body: given }) => (given.includes('"halve"') ? { ...body, message: 'wasm trap' } : body),
        [500],
      ),
    },
  ],
};

/** A slow check by itself: the others of its group are not run. */
export const STOP_MUTANTS: Mutants = Object.fromEntries(
  LANGUAGES.map((language) => [
    `STOP-${language}`,
    [
      { what: 'it ends', agents: { spin: () => null } },
      { what: 'it is an answer', agents: { swell: () => 'all' } },
      { what: 'others wait', mutation: afterwards() },
    ],
  ]),
) as never;

/** Once a call never ends, others are refused. */
function afterwards(): Mutation {
  let spinning = false;
  return async (request, next) => {
    spinning ||= request.body.includes('"name":"spin"');
    return spinning && request.body.includes('"name":"echo"') ? refuse(503) : next(request);
  };
}

const otherwise = (name: string, output: unknown): Mutant => ({
  what: `${name} gives ${JSON.stringify(output)}`,
  agents: { [name]: () => output },
});
const unchecked: Mutant = { what: 'types are not looked at', mutation: status(CALL, 400, 200), also: 'group' };

export const SHAPE_MUTANTS: Mutants = {
  'SHAPE-python-1': [
    { ...refused('from basic_agent import') },
    { ...refused('from openrappter') },
    {
      what: 'classes are named by their names',
      mutation: json(PACK, (body) => ({
        ...body,
        agents: body.agents.map((name) => (name === 'Greet' ? 'GreetAgent' : name)),
      })),
    },
    unchecked,
  ],
  'SHAPE-python-2': [
    otherwise('Two', '<coroutine object>'),
    otherwise('One', '{"n": 1}'),
    {
      what: 'what begins with _ is one, too',
      mutation: json(PACK, (body) => ({
        ...body,
        agents: body.agents.includes('One' as never) ? ['One', 'Two', '_Hidden'] : body.agents,
      })),
    },
  ],
  'SHAPE-python-3': [
    otherwise('slow_sum', null),
    { what: 'defaults are not', agents: { slow_sum: ({ a, b = Number.NaN }) => Number(a) + Number(b) } },
  ],
  'SHAPE-python-4': [refusedAlone('azure_file_storage'), oneForAll('Keep')],
  'SHAPE-python-5': [refusedAlone('BRAINSTEM_MEMORY_PATH'), oneForAll('Note'), lastUser('Note')],
  'SHAPE-javascript-1': [refusedAlone('as const'), otherwise('typed', null), unchecked],
  'SHAPE-javascript-2': [refusedAlone('plain.js'), otherwise('plain', {})],
  'SHAPE-lispy-1': [refusedAlone('make-dict'), unchecked],
  'SHAPE-lispy-2': [
    otherwise('noted', null),
    {
      what: 'it is named by its function',
      mutation: sent(CALL, (body) => ({ ...body, name: body.name === 'noted' ? 'noted-run' : body.name })),
    },
  ],
  'SHAPE-lispy-3': [refusedAlone('older.lisp'), otherwise('older', '7')],
};

function refusedAlone(part: string): Mutant {
  return { ...refused(part) };
}

function oneForAll(name: string): Mutant {
  return {
    what: 'one for all users',
    mutation: sent(CALL, (body) => ({ ...body, user_guid: body.name === name ? undefined : body.user_guid })),
  };
}

/** Where it is kept is written where calls that run at once see it. */
function lastUser(name: string): Mutant {
  let last: string | undefined;
  return {
    what: 'users who call at once write into one place',
    mutation: async (request, next) => {
      const body = parse(request.body);
      if (body?.name !== name) return next(request);
      last = body.user_guid;
      await new Promise((turn) => setTimeout(turn, 3));
      return next({ ...request, body: JSON.stringify({ ...body, user_guid: last }) });
    },
  };
}
