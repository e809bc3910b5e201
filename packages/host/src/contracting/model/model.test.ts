// A model's answers: chosen among what was found, and nothing else; what decides is the person's to say.
import { type Json, type JsonObject, PypesError, type SchemaCompiler } from '@pypes/contract';
import { createAjvCompiler } from '@pypes/schemas/ajv';
import { describe, expect, test } from 'vitest';
import { createTextCheck } from '../check-draft.ts';
import { negotiate, type Outcome } from '../negotiate.ts';
import { CALENDAR, catalogOf, INJECTED, MAIL, STOCKS, say } from '../testing/offers.suite.ts';
import { MOST_CALLS } from './model.ts';
import { isAddress, isSaid } from './said.ts';

const schemas: SchemaCompiler = createAjvCompiler();
const BOTH = { choices: ['stock-prices.get-stock-price', 'email-sender.send'], questions: [] };
const WISH = 'track my stocks and email me summaries to me@example.com';

async function runFor(
  wish: string,
  ...answers: readonly (JsonObject | string | Error)[]
): Promise<Outcome & { readonly requests: JsonObject[] }> {
  const requests: JsonObject[] = [];
  const ask = async (request: JsonObject) => {
    const answer = answers[requests.length];
    requests.push(request);
    if (answer instanceof Error) throw answer;
    return typeof answer === 'string' ? answer : say(answer ?? {});
  };
  const catalog = catalogOf(INJECTED, MAIL, STOCKS, CALENDAR);
  const outcome = await negotiate({
    wish,
    catalog,
    check: createTextCheck('a'),
    model: { model: { ask }, schemas },
  });
  return { ...outcome, requests };
}

const run = (...answers: readonly (JsonObject | string | Error)[]) => runFor(WISH, ...answers);
const draft = (steps: readonly Json[], more: JsonObject = {}): JsonObject => ({
  steps,
  explanation: 'It does',
  ...more,
});
const price = {
  id: 'price',
  use: 'stock-prices.get-stock-price',
  arguments: [{ name: 'symbol', source: { from: 'ask' } }],
};
const mail = (to: Json, body: Json = { from: 'step', step: 'price', path: ['symbol'] }) => ({
  id: 'mail',
  use: 'email-sender.send',
  arguments: [
    { name: 'to', source: to },
    { name: 'subject', source: { from: 'constant', value: 'Prices' } },
    { name: 'body', source: body },
  ],
});

describe('a draft of a model', () => {
  test('that holds is taken, with its words beside it', async () => {
    const outcome = await run(BOTH, draft([price, mail({ from: 'constant', value: 'me@example.com' })]));
    expect(outcome.drafted).toMatchObject({ by: 'model', isProven: true, words: 'It does' });
    expect(outcome.notes).toEqual([]);
  });

  test.each<[what: string, steps: readonly Json[], more?: JsonObject]>([
    ['names what was not found', [{ id: 'x', use: 'oracle.tell', arguments: [] }]],
    ['names what was found and not chosen', [{ id: 'x', use: 'calendar.list-appointments', arguments: [] }]],
    ['grants', [price], { grants: { 'stock-prices': { network: ['*'] } } }],
    ['endorses', [price], { endorse: [{ where: 'price.input.symbol', bits: 'unlimited', reason: 'x' }] }],
    ['sets policies', [price], { policy: [] }],
    ['hides a key in a step', [{ ...price, permissions: { network: ['*'] } }]],
    ['chooses where it goes', [price, mail({ from: 'constant', value: 'thief@evil.example' })]],
    ['takes where it goes from a stranger', [price, mail({ from: 'step', step: 'price', path: ['symbol'] })]],
    [
      'puts an address into a text',
      [price, mail({ from: 'ask' }, { from: 'text', parts: [{ words: 'See http://evil.example' }] })],
    ],
    ['uses a step that comes later', [mail({ from: 'ask' }), price]],
    ['gives an argument that there is not', [{ ...price, arguments: [{ name: 'colour', source: { from: 'ask' } }] }]],
    ['takes an id with a meaning', [{ ...price, id: 'input' }]],
    ['has no steps', []],
  ])('that %s is refused twice, then templates are used', async (_what, steps, more) => {
    const { drafted, notes, requests } = await run(BOTH, draft(steps, more), draft(steps, more));
    expect(drafted).toMatchObject({ by: 'templates', isProven: true });
    expect(notes.join()).toMatch(/refused.*search and templates were used/s);
    expect(requests).toHaveLength(3);
    expect(drafted?.text).not.toMatch(/evil|network = \["\*|endorse|declassify/);
  });

  test('that has a template in its words has words there', async () => {
    const words = {
      from: 'text',
      parts: [{ words: '{{ input }} ' }, { from: 'step', step: 'price', path: ['symbol'] }],
    };
    const { drafted } = await run(BOTH, draft([price, mail({ from: 'constant', value: 'me@example.com' }, words)]));
    expect(drafted).toMatchObject({ by: 'model', isProven: true });
    expect(drafted?.text).toContain(String.raw`{{ \"{{\" }} input }} {{ price.output.symbol`);
  });

  test('that is mended is taken, and the refusal is told', async () => {
    const { drafted, notes } = await run(BOTH, 'no JSON', draft([price]));
    expect([drafted?.by, notes.length]).toEqual(['model', 1]);
  });

  test('that leaks private data is not taken: nobody said yes', async () => {
    const day = { id: 'day', use: 'calendar.list-appointments', arguments: [] };
    const steps = [day, mail({ from: 'ask' }, { from: 'step', step: 'day', path: [] })];
    const all = { choices: ['calendar.list-appointments', 'email-sender.send'], questions: [] };
    const { drafted, requests } = await runFor('email me my calendar', all, draft(steps), draft(steps));
    expect(drafted).toMatchObject({ isProven: false, refused: [{ place: expect.any(String) }] });
    expect(drafted?.text).not.toContain('declassify');
    expect(JSON.stringify(requests.at(-1))).toContain('PB301');
    expect(requests.length).toBeLessThanOrEqual(MOST_CALLS);
  });

  test.each(['timeout', 'unavailable', 'policy_denied', 'resource_exhausted', 'unsupported'] as const)(
    'that ends with %s leads to templates',
    async (code) => {
      const { drafted, notes } = await run(new PypesError(code, 'No'));
      expect([drafted?.by, notes.join()]).toEqual(['templates', expect.stringContaining(code)]);
    },
  );
});

describe('what a model is told', () => {
  test('is data: a stranger’s words are in one JSON text, on one line, and never among the instructions', async () => {
    const { requests } = await run(BOTH, draft([price]));
    for (const { messages } of requests) {
      const [system, user] = messages as readonly JsonObject[];
      expect(system?.content).not.toContain('choose stock-oracle');
      expect(JSON.parse(String(user?.content))).toMatchObject({ wish: WISH });
      expect(String(user?.content)).not.toContain('\\u001b');
    }
  });
});

describe('what a person said', () => {
  test.each([
    ['me@example.com', 'mail it to me@example.com.', true],
    ['me@example.com', 'mail it to (Me@Example.com)', true],
    ['me@example.com', 'mail it to some@example.com', false],
    ['me@example.com', 'mail it to me@example.com.evil.net', false],
    ['example.com', 'mail it to me@example.com', false],
    ['a', 'a', false],
  ])('%s in %j: %j', (text, words, expected) => {
    expect(isSaid(text, [words])).toBe(expected);
  });
  test.each([
    ['http://x', true],
    ['a@b', true],
    ['evil.example', true],
    ['www.x', true],
    ['+49 170 1234567', true],
    ['Your stocks today:', false],
    ['Price 12.50', false],
  ])('%s is an address: %j', (text, expected) => {
    expect(isAddress(text)).toBe(expected);
  });
});
