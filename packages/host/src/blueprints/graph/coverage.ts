// Which policies stand on which edge.

import type { PolicyEntry } from '../blueprint.ts';
import type { At } from '../toml/fields.ts';

/** One end of a call. */
export type Party = { readonly component: string; readonly function?: string };

/** Which way of a call is looked at. */
export type Direction = 'args' | 'reply';

/** What stands between two ends. */
export type Coverage = {
  covers(use: string, from: Party, to: Party, middleware: readonly At<string>[], direction: Direction): boolean;
};

/** Answers for the policies of a blueprint. */
export function createCoverage(policies: readonly PolicyEntry[]): Coverage {
  return {
    covers(use, from, to, middleware, direction) {
      const looks = (policy: PolicyEntry) => policy.use === use && looksAtAll(policy.settings, to, direction);
      return (
        policies.some((policy) => looks(policy) && isBetween(policy, from, to)) ||
        middleware.some(({ value }) => {
          const named = policies.filter(({ name }) => name === value);
          return named.length === 0 ? value === use : named.some(looks);
        })
      );
    },
  };
}

/** Whether a policy looks at every call that its patterns mean: a setting may leave some of them out. */
function looksAtAll({ on, pack, detect, capabilities }: PolicyEntry['settings'], to: Party, direction: Direction) {
  const isWay = on === undefined || on === 'both' || on === direction;
  const findsNothing = Array.isArray(detect) && detect.length === 0;
  const passesBy = capabilities === false && to.component === FETCH.component;
  return isWay && pack === undefined && !findsNothing && !passesBy;
}

/** Whether a policy looks at calls between two ends. */
export function isBetween(policy: Pick<PolicyEntry, 'from' | 'to'>, from: Party, to: Party): boolean {
  return matchesParty(policy.from, from) && matchesParty(policy.to, to);
}

/**
 * Whether a pattern of a policy means one end of a call: its component, or `component.function`. `*` stands for any run
 * of characters.
 */
export function matchesParty(pattern: string, { component, function: called }: Party): boolean {
  return matches(pattern, component) || (called !== undefined && matches(pattern, `${component}.${called}`));
}

function matches(pattern: string, text: string): boolean {
  const pieces = pattern.split('*');
  const [first = '', last = ''] = [pieces[0], pieces.at(-1)];
  if (pieces.length === 1) return pattern === text;
  if (text.length < first.length + last.length || !text.startsWith(first) || !text.endsWith(last)) return false;
  let at = first.length;
  for (const piece of pieces.slice(1, -1)) {
    const found = text.indexOf(piece, at);
    if (found === -1) return false;
    at = found + piece.length;
  }
  return at <= text.length - last.length;
}

/** How steps are called: by the workflow. */
export const WORKFLOW: Party = { component: 'workflow' };
/** The way out that every component has which may use the network. */
export const FETCH: Party = { component: 'context', function: 'fetch' };
/** Those that one has beside it which may use a page. */
export const PAGE: readonly Party[] = ['session.goto', 'session.click', 'session.fill'].map((name) => ({
  component: 'context',
  function: name,
}));
