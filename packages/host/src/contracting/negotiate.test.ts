// The whole negotiation without a model: what is drafted passes the checks, what is open is asked, nothing is weakened.
import { describe, expect, test } from 'vitest';
import { parseBlueprint } from '../blueprints/index.ts';
import { createTextCheck } from './check-draft.ts';
import type { OpenInput } from './draft/open-inputs.ts';
import { type NegotiateOptions, negotiate, type Person } from './negotiate.ts';
import type { Offer } from './offer.ts';
import {
  CALENDAR,
  catalogOf,
  INJECTED,
  MAIL,
  NEWS,
  object,
  offer,
  RECIPES,
  STOCKS,
  TEXT,
} from './testing/offers.suite.ts';

const WISH = 'I need an agent to track my stocks and email me summaries';
const check = createTextCheck('agent.toml');
const nobody: Person = {
  choose: async () => undefined,
  value: async () => undefined,
  answer: async () => undefined,
  release: async () => false,
};

const run = (wish: string, offers: readonly Offer[], more: Partial<NegotiateOptions> = {}) =>
  negotiate({ wish, catalog: catalogOf(...offers), check, ...more });

describe('search and templates', () => {
  test('make a blueprint that holds, of what was asked for and nothing else', async () => {
    const { drafted, unmet } = await run(WISH, [RECIPES, MAIL, STOCKS]);
    expect(unmet).toEqual([]);
    expect(drafted).toMatchObject({ by: 'templates', isProven: true, repairs: [], refused: [] });
    const blueprint = parseBlueprint(drafted?.text ?? '', 'agent.toml');
    expect([...blueprint.components.keys()]).toEqual(['stock-prices', 'email-sender']);
    expect(blueprint.steps.map((step) => `${step.component}.${step.function}`)).toEqual([
      'stock-prices.get-stock-price',
      'email-sender.send',
    ]);
    expect(blueprint.goal).toBe(WISH);
    expect(Object.fromEntries(blueprint.grants)).toMatchObject({
      'stock-prices': { permissions: { network: ['api.example.com:443'] } },
      'email-sender': { permissions: { network: ['smtp.example.com:465'] } },
    });
    expect(blueprint.policies.map(({ use }) => use)).toEqual(['labels', 'dlp', 'data-budget']);
    expect(drafted?.open.map(({ name, destination }) => [name, destination])).toEqual([
      ['symbol', false],
      ['to', true],
    ]);
  });

  test('what is said with the wish is written into it, and not asked for', async () => {
    const answers = new Map([
      ['to', 'me@example.com'],
      ['stock-prices.symbol', 'ACME'],
    ]);
    const asked: OpenInput[] = [];
    const person: Person = { ...nobody, value: async (open) => void asked.push(open) };
    const { drafted } = await run(WISH, [MAIL, STOCKS], { answers, person });
    expect(asked).toEqual([]);
    expect(drafted).toMatchObject({ isProven: true, open: [] });
    expect(drafted?.text).toContain('to = "me@example.com"');
    expect(drafted?.explanation.waysOut.find(({ what }) => what.startsWith('message'))).toMatchObject({
      to: ['to: "me@example.com"'],
      carries: ['untrusted:stock-prices.get-stock-price'],
    });
  });

  test('what a person answers is asked for once, and a wrong answer is refused', async () => {
    const person: Person = { ...nobody, value: async ({ name }) => (name === 'to' ? 'me@example.com' : undefined) };
    const { drafted } = await run(WISH, [MAIL, STOCKS], { person });
    expect(drafted?.open.map(({ name }) => name)).toEqual(['symbol']);
    const answers = new Map([['symbol', 'more than sixteen characters']]);
    await expect(run(WISH, [MAIL, STOCKS], { answers })).rejects.toMatchObject({ code: 'invalid_request' });
    const strange = new Map([['colour', 'red']]);
    await expect(run(WISH, [MAIL, STOCKS], { answers: strange })).rejects.toMatchObject({ code: 'invalid_request' });
  });

  test('a part that nothing does is said, and without any there is no blueprint', async () => {
    const partly = await run(WISH, [STOCKS, RECIPES]);
    expect(partly.unmet).toEqual(['email me summaries']);
    const nothing = await run(WISH, [RECIPES]);
    expect([nothing.unmet, nothing.drafted]).toEqual([['track my stocks', 'email me summaries'], undefined]);
  });

  test('braces in what somebody says mean nothing', async () => {
    const answers = new Map([['to', '{{ price.output }} "}}']]);
    const { drafted } = await run('email me stocks', [MAIL, STOCKS], { answers });
    expect(drafted?.isProven).toBe(true);
    const mail = parseBlueprint(drafted?.text ?? '', 'a').steps.find(({ component }) => component === 'email-sender');
    const to = mail?.input.kind === 'object' ? mail.input.entries.get('to') : undefined;
    expect(to?.kind === 'template' ? to.template.parts : undefined).toEqual([
      expect.objectContaining({ kind: 'literal', value: '{{' }),
      ' price.output }} "}}',
    ]);
  });

  test('a list becomes a step for each item', async () => {
    const list = offer('orders', {
      name: 'list-orders',
      gives: { type: 'array', maxItems: 4, items: object({ order: TEXT }) },
    });
    const look = offer('parcels', { name: 'track-parcel', takes: { order: TEXT }, gives: TEXT });
    const { drafted } = await run('list orders and track each parcel', [list, look]);
    expect(drafted).toMatchObject({ isProven: true });
    expect(drafted?.text).toContain('foreach = "{{ list-orders.output }}"');
    expect(drafted?.text).toContain('input = { order = "{{ item.order }}" }');
  });
});

describe('the repair loop', () => {
  test('private data leaves only with a yes, and what that gives up is said', async () => {
    const wish = 'email me my calendar';
    const closed = await run(wish, [CALENDAR, MAIL]);
    expect(closed.drafted).toMatchObject({ isProven: false, refused: [{ place: 'send.input.body' }] });
    expect(closed.drafted?.checked.findings.map(({ code }) => code)).toContain('PB301');
    const open = await run(wish, [CALENDAR, MAIL], { person: { ...nobody, release: async () => true } });
    expect(open.drafted).toMatchObject({ isProven: true, repairs: [{ code: 'PB301', cost: expect.any(String) }] });
    expect(open.drafted?.text).toContain('[[declassify]]');
    expect(open.drafted?.text).not.toContain('[[endorse]]');
  });

  test('where all three meet, a person says yes in every run', async () => {
    const person: Person = { ...nobody, release: async () => true };
    const { drafted } = await run('email me my calendar and the news', [CALENDAR, MAIL, NEWS], { person });
    expect(drafted?.isProven).toBe(true);
    expect(drafted?.repairs.map(({ code }) => code)).toEqual(expect.arrayContaining(['PB401', 'PB301']));
    expect(drafted?.text).toContain('use = "approve"');
    expect(drafted?.text).not.toContain('[[endorse]]');
  });

  test('a text that may be too long is cut, and that is said', async () => {
    const sms = offer('sms', {
      name: 'text-me',
      takes: { note: { type: 'string', maxLength: 100 } },
      gives: { type: 'boolean' },
      labels: { sends: ['message'] },
    });
    const notes = offer('notes', { name: 'note', description: 'A note', gives: { type: 'string', maxLength: 5_000 } });
    const { drafted } = await run('get a note and text me by sms', [sms, notes]);
    expect(drafted).toMatchObject({ isProven: true });
    expect(drafted?.text).toMatch(/truncate\(\d+\)|input\.note/);
  });

  test('an installed skill gets what it was granted and no more', async () => {
    const facts = {
      asked: { network: ['api.example.com:443', 'collect.example.net:443'] },
      granted: { network: ['api.example.com:443'] },
    };
    const installed = { ...STOCKS, origin: 'installed', facts: { ...STOCKS.facts, ...facts } } as const;
    const { drafted } = await run('track my stocks', [installed]);
    expect(drafted).toMatchObject({ isProven: true, repairs: [{ code: 'PB102' }] });
    expect(drafted?.text).toContain('permissions = { network = ["api.example.com:443"] }');
    expect(drafted?.text).not.toContain('[grants]');
  });
});

describe('a stranger who talks', () => {
  test('gets nothing by it: no grant, no release, no destination', async () => {
    const { drafted } = await run(WISH, [INJECTED, MAIL, STOCKS]);
    expect(drafted?.isProven).toBe(true);
    for (const word of ['evil', 'network = ["*', 'endorse', 'declassify', '\u001b', 'gnore']) {
      expect(drafted?.text).not.toContain(word);
    }
  });
});
