// A draft's text through the same checks as anybody's blueprint, with what is known of the offers as facts.
import type { JsonObject } from '@pypes/contract';
import { readPolicies } from '@pypes/guard';
import { checkGraph, type Finding, type FlowGraph } from '../blueprints/guard-check.ts';
import { type Blueprint, type Problem, readBlueprint, toGraph } from '../blueprints/index.ts';
import type { Offer } from './offer.ts';

/** What the checks say. `problems` is not empty where the text is no blueprint: then there are no findings. */
export type Checked = {
  readonly problems: readonly Problem[];
  readonly blueprint: Blueprint;
  readonly graph: FlowGraph;
  readonly findings: readonly Finding[];
};

/** Checks a text. */
export type CheckText = (text: string, offers: readonly Offer[]) => Promise<Checked>;

/**
 * The ten checks, on what the offers say of themselves.
 *
 * @param path how the blueprint is called in findings
 */
export function createTextCheck(path: string): CheckText {
  return async (text, offers) => {
    const { blueprint, problems } = readBlueprint(text, path);
    const { violations } = await readPolicies(blueprint.policies.map(toTable), '');
    const wrong = violations.map(({ path: pointer, message }) => {
      const policy = blueprint.policies[Number(pointer.split('/')[1])];
      return { where: policy?.where ?? blueprint.end, message: `This policy ${message}` };
    });
    const byName = new Map(offers.map((offer) => [offer.name, offer.facts]));
    const graph = toGraph(blueprint, ({ name }) => byName.get(name));
    const all = [...problems, ...wrong];
    return { problems: all, blueprint, graph, findings: all.length > 0 ? [] : checkGraph(graph) };
  };
}

/** Whether nothing stands against running it. */
export function isProven({ problems, findings }: Checked): boolean {
  return problems.length === 0 && findings.every(({ severity }) => severity !== 'error');
}

function toTable({ use, from, to, settings }: Blueprint['policies'][number]): JsonObject {
  return {
    use,
    ...(from === '*' ? {} : { from }),
    ...(to === '*' ? {} : { to }),
    ...settings,
  };
}
