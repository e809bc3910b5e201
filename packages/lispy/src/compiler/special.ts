/** The table of special forms. */
import type { Value } from '../values/value.ts';
import type { Context } from './analyse.ts';
import { bindingForms } from './forms/binding.ts';
import { controlForms } from './forms/control.ts';
import { defineForms } from './forms/define.ts';
import { lambdaForms } from './forms/lambda.ts';
import { loopForms } from './forms/loop.ts';
import { quoteForms } from './forms/quasiquote.ts';
import { threadForms } from './forms/thread.ts';
import { tryForms } from './forms/try.ts';
import type { Node } from './node.ts';
import type { Spot } from './spot.ts';

/** A special form at hand: the whole form, its items (the name first) and where it is. */
export type Special = { readonly form: Value; readonly items: readonly Value[]; readonly spot: Spot };
export type SpecialForm = (special: Special, context: Context) => Node;

/** Every special form by name. */
export const specialForms: ReadonlyMap<string, SpecialForm> = new Map(
  [bindingForms, controlForms, defineForms, lambdaForms, loopForms, quoteForms, threadForms, tryForms].flatMap(
    (table) => Object.entries(table),
  ),
);
