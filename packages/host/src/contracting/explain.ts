// What a drafted blueprint may do, as data for plain words: components, steps, where things go, and the proof.
import { isJsonObject, type Json, type Permissions } from '@pypes/contract';
import { BLIND_SPOTS, FINDING_CODES, type Finding, flowLabels } from '../blueprints/guard-check.ts';
import type { Checked } from './check-draft.ts';
import { type Draft, newGrantOf, offersOf } from './draft/draft.ts';
import { argumentsOf, labelsOfCandidate } from './draft/function-type.ts';
import type { PlanStep, Source } from './draft/plan.ts';
import { nameOf, type Offer } from './offer.ts';
import { toCondition, toList } from './write/template.ts';

/** One component. */
export type ComponentExplanation = {
  readonly offer: Offer;
  /** What it may do while the blueprint runs. */
  readonly permissions: Partial<Permissions>;
  /** What the person grants with a yes to this blueprint; empty where all was granted before. */
  readonly grants: Partial<Permissions>;
};

/** One step. */
export type StepExplanation = {
  readonly id: string;
  readonly calls: string;
  readonly arguments: readonly { readonly name: string; readonly from: string; readonly destination: boolean }[];
  readonly when?: string;
  readonly foreach?: string;
};

/** One place where data leaves, or where something is changed. */
export type WayOut = {
  readonly what: string;
  /** What may be in it: `private:calendar.today`. */
  readonly carries: readonly string[];
  /** Who says where it goes; empty where the component itself does. */
  readonly to: readonly string[];
};

/** One of the ten checks. */
export type CheckExplanation = {
  readonly check: number;
  readonly title: string;
  readonly findings: readonly Finding[];
};

/** Everything that a person is shown. */
export type Explanation = {
  readonly components: readonly ComponentExplanation[];
  readonly steps: readonly StepExplanation[];
  readonly waysOut: readonly WayOut[];
  readonly checks: readonly CheckExplanation[];
  /** What the analysis cannot see. */
  readonly blindSpots: readonly string[];
};

const CHECKS: readonly (readonly [check: number, title: string])[] = [
  [0, 'every component and function is there'],
  [1, 'what is needed is granted, and nothing more'],
  [2, 'no forbidden pair is reachable'],
  [3, 'no label reaches a place that refuses it'],
  [4, 'private data, untrusted content and a way out do not meet'],
  [5, 'releases let through what they declare'],
  [6, 'bytes and calls stay within their budgets'],
  [7, 'every argument has the type that is taken'],
  [8, 'untrusted data does not decide where things go'],
  [9, 'DLP stands on every way of private data out'],
  [10, 'no component gets more than it asks for'],
];

/** Explains a draft that was checked. */
export function explain(draft: Draft, { graph, findings }: Checked): Explanation {
  const labels = flowLabels(graph);
  return {
    components: offersOf(draft).map((offer) => ({
      offer,
      permissions: draft.narrowed.get(offer.name) ?? offer.facts.granted ?? newGrantOf(offer),
      grants: newGrantOf(offer),
    })),
    steps: draft.plan.steps.map(toStep),
    waysOut: graph.nodes
      .filter(({ kind }) => kind === 'sink' || kind === 'model')
      .map(({ id, title }) => ({
        what: title,
        carries: [...(labels.get(id) ?? [])].sort(),
        to: draft.plan.steps.filter((step) => id === `step:${step.id}!`).flatMap(destinationsOf),
      })),
    checks: CHECKS.map(([check, title]) => ({
      check,
      title,
      findings: findings.filter(({ code }) => FINDING_CODES[code].check === check),
    })),
    blindSpots: BLIND_SPOTS,
  };
}

function toStep(step: PlanStep): StepExplanation {
  const destinations = new Set(argumentsOf(step.candidate).flatMap((each) => (each.destination ? [each.name] : [])));
  return {
    id: step.id,
    calls: nameOf(step.candidate),
    arguments: Object.entries(step.input).map(([name, source]) => ({
      name,
      from: inPlainWords(source),
      destination: destinations.has(name),
    })),
    ...(step.when === undefined ? {} : { when: toCondition(step.when) }),
    ...(step.foreach === undefined ? {} : { foreach: toList(step.foreach) }),
  };
}

function destinationsOf({ candidate, input }: PlanStep): readonly string[] {
  const { sends = [] } = labelsOfCandidate(candidate);
  if (sends.length === 0) return [];
  return argumentsOf(candidate).flatMap(({ name, destination }) => {
    const source = input[name];
    return destination && source !== undefined ? [`${name}: ${inPlainWords(source)}`] : [];
  });
}

/** Where a value comes from. */
function inPlainWords(source: Source): string {
  switch (source.from) {
    case 'constant':
      return shown(source.value);
    case 'input':
      return `what you give as "${source.name}" when it runs`;
    case 'item':
      return `${part(source.path)}each item`;
    case 'step':
      return `${part(source.path)}what step "${source.step}" gave${source.most === undefined ? '' : `, ${source.most} characters at most`}`;
    case 'text':
      return source.parts.map((each) => (typeof each === 'string' ? shown(each) : inPlainWords(each))).join(' + ');
  }
}

function part(path: readonly string[]): string {
  return path.length === 0 ? '' : `"${path.join('.')}" of `;
}

const LONGEST = 120;

function shown(value: Json): string {
  const text = JSON.stringify(isJsonObject(value) ? value : (value ?? null));
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST)}…`;
}
