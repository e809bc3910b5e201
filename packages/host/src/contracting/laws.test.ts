// Laws of drafts: whatever skills there are, nothing is weakened without a yes, and what is granted was asked for.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseBlueprint } from '../blueprints/index.ts';
import { createTextCheck, isProven } from './check-draft.ts';
import { negotiate, type Person } from './negotiate.ts';
import { catalogOf, object, offer, TEXT } from './testing/offers.suite.ts';

const NAMES = ['stocks', 'email', 'calendar', 'news', 'notes'] as const;
const WISH = 'read the calendar and the news and the stocks and take notes and email me';
const check = createTextCheck('agent.toml');

const schema = fc.constantFrom(
  TEXT,
  { type: 'string', maxLength: 40 },
  { type: 'integer', minimum: 0, maximum: 9 },
  { type: 'boolean' },
  { type: 'array', items: TEXT },
  { type: 'array', maxItems: 3, items: object({ text: TEXT }) },
  object({ text: TEXT, count: { type: 'integer' } }),
);
const argument = fc.constantFrom('text', 'body', 'to', 'count', 'symbol', 'subject');
const labels = fc.record({
  reads: fc.subarray(['private', 'untrusted', 'public'] as const),
  sends: fc.subarray(['network', 'message', 'write', 'destructive'] as const),
  destinations: fc.subarray(['to', 'text']),
});
const asked = fc.record(
  {
    network: fc.subarray(['a.example:443', 'b.example:443'], { minLength: 1 }),
    memory: fc.constantFrom('read', 'read-write'),
    ai: fc.constant(true),
  },
  { requiredKeys: [] },
);
const one = (name: string) =>
  fc
    .record({ takes: fc.dictionary(argument, schema, { maxKeys: 3 }), gives: schema, labels, asked })
    .map((made) =>
      offer(
        name,
        { name: `${name}-do`, takes: made.takes, gives: made.gives, labels: made.labels },
        { facts: { asked: made.asked } },
      ),
    );
const offers = fc.tuple(...NAMES.map(one)).chain((all) => fc.subarray(all, { minLength: 1 }));

const person = (yes: boolean): Person => ({
  choose: async () => undefined,
  value: async () => undefined,
  answer: async () => undefined,
  release: async () => yes,
});

test(
  'a draft is a blueprint, asks for what is asked for, and releases nothing without a yes',
  { timeout: 120_000 },
  () =>
    fc.assert(
      fc.asyncProperty(offers, fc.boolean(), async (all, yes) => {
        const { drafted } = await negotiate({ wish: WISH, catalog: catalogOf(...all), check, person: person(yes) });
        if (drafted === undefined) return;
        const blueprint = parseBlueprint(drafted.text, 'agent.toml');
        expect(blueprint.releases.filter(({ mark }) => mark === 'untrusted')).toEqual([]);
        if (!yes) expect(blueprint.releases).toEqual([]);
        for (const [name, { permissions }] of blueprint.grants) {
          expect(permissions).toEqual(all.find((each) => each.name === name)?.facts.asked);
        }
        expect(blueprint.policies.map(({ use }) => use).slice(0, 3)).toEqual(['labels', 'dlp', 'data-budget']);
        expect(blueprint.freeBits).toEqual({ private: 0, untrusted: 0 });
        // Whoever checks it again finds the same.
        expect(isProven(await check(drafted.text, all))).toBe(drafted.isProven);
      }),
      { numRuns: 60 },
    ),
);
