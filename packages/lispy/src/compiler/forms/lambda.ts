/** `lambda`, `fn` and their longer spelling. */
import { LispySymbol } from '../../values/symbol.ts';
import type { Context } from '../analyse.ts';
import { analyseLambda } from '../lambda.ts';
import type { Node } from '../node.ts';
import type { Special, SpecialForm } from '../special.ts';

const lambda: SpecialForm = ({ form, items, spot }: Special, context: Context): Node => {
  // Clojure lets a lambda name itself: (fn name [x] …).
  const named = items[1] instanceof LispySymbol && items.length > 3 && typeof items[2] === 'object';
  const at = named && items[0] instanceof LispySymbol && items[0].name === 'fn' ? 2 : 1;
  const parameters = items[at];
  if (parameters === undefined || items.length < at + 2) {
    throw spot.error('Write a lambda as (lambda (parameter …) body …)');
  }
  const name = at === 2 && items[1] instanceof LispySymbol ? items[1].name : '';
  return analyseLambda({ name, form, items, parameters, skip: 0, from: at + 1, spot, self: at === 2 }, context);
};

export const lambdaForms: Readonly<Record<string, SpecialForm>> = { lambda, fn: lambda, λ: lambda };
