// data-budget policies, and the calls that each of them covers.
import type { Json } from '@pypes/contract';
import type { FlowBudget } from '../guard-check.ts';
import { isBetween, type Party, WORKFLOW } from './coverage.ts';
import type { Draft } from './draft.ts';

/** Every data budget of a blueprint, with the calls that are there by now. */
export function toBudgets({ blueprint, contexts, calls }: Draft): readonly FlowBudget[] {
  const wires = new Map(blueprint.wires.map((wire) => [`${wire.component}.${wire.import}`, wire]));
  return blueprint.policies
    .filter(({ use }) => use === 'data-budget')
    .map((policy) => {
      const { settings, where, from, to, name } = policy;
      const covered = calls.filter(({ id, node }) => {
        const context = contexts.get(node);
        if (context === undefined) return false;
        const wire = wires.get(id);
        const caller: Party = wire === undefined ? WORKFLOW : { component: wire.component };
        return isBetween(policy, caller, { component: context.part.name, function: context.function });
      });
      return {
        title: `the ${name} from "${from}" to "${to}"`,
        where,
        calls: covered.map(({ id }) => id),
        on: settings.on === 'args' || settings.on === 'reply' ? settings.on : 'both',
        ...given('bytesPerCall', settings.max_bytes_per_call),
        ...given('bytesPerRun', settings.max_bytes_per_run),
        ...given('callsPerRun', settings.max_calls_per_run),
      };
    });
}

function given<K extends string>(key: K, value: Json | undefined): { readonly [P in K]?: number } {
  return (typeof value === 'number' ? { [key]: value } : {}) as { readonly [P in K]?: number };
}
