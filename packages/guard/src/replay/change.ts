// How two decisions about one call differ, as far as somebody has to care.
import type { Decision } from '@pypes/contract';
import type { Verdict } from './verdict.ts';

/**
 * `same`: stopped, asked for, changed or let through as it was. `not_made`: the call that made it would be stopped.
 * `unknown`: what it carried was too large to be recorded.
 */
export type Change =
  | 'same'
  | 'newly_stopped'
  | 'newly_asked'
  | 'newly_let_through'
  | 'newly_changed'
  | 'no_longer_changed'
  | 'not_made'
  | 'unknown';

/** All of them, those first that somebody has to look at first. */
export const CHANGES: readonly Change[] = [
  'newly_stopped',
  'newly_asked',
  'newly_let_through',
  'newly_changed',
  'no_longer_changed',
  'not_made',
  'unknown',
  'same',
];

/** The change from one decision to another. A person who is asked is asked, whatever they say. */
export function changeOf(today: Verdict, would: Verdict): Change {
  const [before, after] = [OUTCOMES[today.decision], OUTCOMES[would.decision]];
  if (before === after) return 'same';
  if (after === 'stopped') return 'newly_stopped';
  if (after === 'asked') return 'newly_asked';
  if (before === 'stopped' || before === 'asked') return 'newly_let_through';
  return after === 'changed' ? 'newly_changed' : 'no_longer_changed';
}

const OUTCOMES: { readonly [decision in Decision]: 'stopped' | 'asked' | 'changed' | 'passed' } = {
  deny: 'stopped',
  defer: 'asked',
  approve: 'asked',
  modify: 'changed',
  allow: 'passed',
};
