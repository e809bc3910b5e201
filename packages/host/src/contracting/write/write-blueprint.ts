// A draft as the text of agent.toml.
import type { Json, JsonObject } from '@pypes/contract';
import { type Draft, newGrantOf, offersOf } from '../draft/draft.ts';
import { openInputs } from '../draft/open-inputs.ts';
import type { PlanStep } from '../draft/plan.ts';
import type { Offer } from '../offer.ts';
import { toInputSchema } from './input-schema.ts';
import { toCondition, toInput, toList } from './template.ts';
import { toKey, toToml } from './toml.ts';

/** What DLP looks for. E-mail addresses are not among it: they are where messages go. */
export const DETECT = ['payment-card', 'secrets', 'iban', 'us-ssn'];
/** The most items that a step goes through. */
export const MOST_ITEMS = 16;
const VERSION = '0.1.0';

/** Writes it. Nothing of a stranger's text is in it but names. */
export function writeBlueprint(draft: Draft): string {
  const offers = offersOf(draft);
  const skills = offers.flatMap(({ reference }) => ('skill' in reference ? [reference.skill] : []));
  const open = openInputs(draft.plan);
  const grants = offers.flatMap((offer) => {
    const grant = newGrantOf(offer);
    return Object.keys(grant).length === 0 ? [] : [[offer.name, grant as JsonObject] as const];
  });
  return [
    '# Drafted by `pypes contract`. `pypes check` says what it can do and what it cannot.',
    table('[blueprint]', { name: draft.name, version: VERSION, goal: draft.goal, skills }),
    table('[components]', Object.fromEntries(offers.map((offer) => [offer.name, toComponent(offer, draft)]))),
    ...(open.length === 0 ? [] : [table('[input]', { schema: toInputSchema(open) })]),
    ...draft.plan.steps.map((step) => table('[[workflow.steps]]', toStep(step))),
    table('[max_payload_size]', { default: draft.maxBytes }),
    ...toPolicies(draft).map((policy) => table('[[policy]]', policy)),
    ...draft.releases.map(({ mark, where, reason }) =>
      table(mark === 'private' ? '[[declassify]]' : '[[endorse]]', { where, bits: 'unlimited', reason }),
    ),
    ...(grants.length === 0 ? [] : [table('[grants]', Object.fromEntries(grants))]),
  ]
    .join('\n\n')
    .concat('\n');
}

/** How many calls a run makes at the most. */
export function callsOf({ plan }: Pick<Draft, 'plan'>): number {
  return plan.steps.reduce((sum, { foreach }) => sum + (foreach === undefined ? 1 : MOST_ITEMS), 0);
}

function toComponent({ name, reference }: Offer, { narrowed }: Draft): JsonObject {
  const permissions = narrowed.get(name);
  return { ...reference, ...(permissions === undefined ? {} : { permissions: permissions as JsonObject }) };
}

function toStep(step: PlanStep): JsonObject {
  const { id, candidate, foreach, when } = step;
  return {
    id,
    component: candidate.offer.name,
    function: candidate.function.name,
    ...(foreach === undefined ? {} : { foreach: toList(foreach), max_items: MOST_ITEMS }),
    ...(Object.keys(step.input).length === 0 ? {} : { input: toInput(step) }),
    ...(when === undefined ? {} : { when: toCondition(when) }),
  };
}

function toPolicies(draft: Draft): readonly JsonObject[] {
  return [
    { use: 'labels' },
    { use: 'dlp', to: '*', detect: DETECT, action: 'block' },
    ...draft.scans.map(({ from, to }) => ({ use: 'dlp', from, to, detect: DETECT, action: 'block' })),
    {
      use: 'data-budget',
      from: 'workflow',
      to: '*',
      max_bytes_per_call: draft.maxBytes,
      max_calls_per_run: callsOf(draft),
    },
    ...draft.approvals.map(({ from, to, reason }) => ({ use: 'approve', from, to, reason })),
  ];
}

/** A table with a line for each key. What TOML cannot say, a null, is left out. */
function table(head: string, values: { readonly [key: string]: Json }): string {
  const lines = Object.entries(values).flatMap(([key, value]) => {
    const text = toToml(value);
    return text === undefined ? [] : [`${toKey(key)} = ${text}`];
  });
  return [head, ...lines].join('\n');
}
