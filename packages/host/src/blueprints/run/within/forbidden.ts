// [[forbid]] while a run is under way: what came from one end does not get to the other, by whatever way it went.
import { type Label, PypesError } from '@pypes/contract';
import type { ForbidEntry } from '../../blueprint.ts';
import { splitName } from '../../parse/names.ts';
import { type Labels, markOf } from '../guard-flow.ts';

/** A function of a component. */
export type Place = { readonly component: string; readonly function: string };

const FROM = 'from';

/** The label of all that a function gave. */
export function originLabel({ component, function: called }: Place): Label {
  return `${FROM}:${component}.${called}`;
}

/** Looks at what is about to reach a place. */
export type Forbidden = (to: Place, labels: Labels) => void;

/**
 * Denies with `policy_denied` and details `{policy: 'forbid', from, to}`. A pair that may exchange some bits is left to
 * the check before the run: it counts them by the types that every call is held to.
 */
export function createForbidden(entries: readonly ForbidEntry[]): Forbidden {
  const pairs = entries
    .filter(({ maxBits }) => maxBits === 0)
    .flatMap(({ from, to, flow }) =>
      flow === 'both' ? [[from, to] as const, [to, from] as const] : [[from, to] as const],
    );
  return (place, labels) => {
    for (const [from, to] of pairs) {
      if (!isPlace(to, place)) continue;
      const origin = [...labels].find((label) => markOf(label) === FROM && isOrigin(from, label));
      if (origin === undefined) continue;
      const came = origin.slice(FROM.length + 1);
      throw new PypesError(
        'policy_denied',
        `What "${came}" gave must not reach "${place.component}.${place.function}": [[forbid]] from "${from}" to "${to}"`,
        { details: { policy: 'forbid', from: came, to: `${place.component}.${place.function}` } },
      );
    }
  };
}

function isOrigin(name: string, label: Label): boolean {
  const [component, called] = splitName(label.slice(FROM.length + 1));
  return isPlace(name, { component, function: called ?? '' });
}

function isPlace(name: string, place: Place): boolean {
  const [component, called] = splitName(name);
  return component === place.component && (called === undefined || called === place.function);
}
