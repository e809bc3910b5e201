// Compares two functions of one name.
import type { Parameter, WitFunction } from '../resolved.ts';
import { optionDepth } from '../schema/types.ts';
import { within } from './reasons.ts';
import type { Flow, Relate } from './relation.ts';

/** Whether the world offers (exports) something or needs (imports) it. */
export type Role = 'offered' | 'needed';

/** Notes in what two functions differ. Arguments flow to who offers, results to who needs. */
export function compareFunctions(relate: Relate, was: WitFunction, is: WitFunction, role: Role, path: string): void {
  const [inward, outward]: [Flow, Flow] = role === 'offered' ? ['to-new', 'to-old'] : ['to-old', 'to-new'];
  if (isAsync(was) !== isAsync(is)) relate.note(path, `It ${isAsync(is) ? 'became' : 'was'} async`, true);
  const shared = Math.min(was.params.length, is.params.length);
  for (let index = 0; index < shared; index++) {
    const [before, after] = [was.params[index] as Parameter, is.params[index] as Parameter];
    const at = within(path, `parameter ${before.name}`);
    // Arguments are given by name.
    if (before.name !== after.name) relate.note(at, `It is named "${after.name}" now`, true);
    else relate.types(before.type, after.type, inward, at);
  }
  for (const parameter of was.params.slice(shared)) gone(relate, parameter, inward, path);
  for (const parameter of is.params.slice(shared)) added(relate, parameter, inward, path);

  const at = within(path, 'result');
  if (was.result !== undefined && is.result !== undefined) relate.types(was.result, is.result, outward, at);
  else if (was.result !== is.result) {
    relate.note(at, is.result === undefined ? 'It gives nothing any more' : 'It gives something now', true);
  }
}

function isAsync({ kind }: WitFunction): boolean {
  return (typeof kind === 'string' ? kind : (Object.keys(kind)[0] ?? '')).startsWith('async');
}

function gone(relate: Relate, { name, type }: Parameter, flow: Flow, path: string): void {
  const fits = flow === 'to-old' && optionDepth(relate.old.resolved, type) > 0;
  relate.note(within(path, `parameter ${name}`), 'It was removed', !fits);
}

function added(relate: Relate, { name, type }: Parameter, flow: Flow, path: string): void {
  const fits = flow === 'to-new' && optionDepth(relate.new.resolved, type) > 0;
  relate.note(within(path, `parameter ${name}`), fits ? 'It was added and may be missing' : 'It was added', !fits);
}
