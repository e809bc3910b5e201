/** From source text to one procedure that runs all forms in order, with macros expanded on the way. */
import { SourceText } from '../reader/origin.ts';
import type { Form } from '../reader/read.ts';
import { Closure } from '../values/procedure.ts';
import type { Value } from '../values/value.ts';
import { analyse, type Context } from './analyse.ts';
import { Code } from './code.ts';
import { type Node, sequence } from './node.ts';
import { LambdaScope, Scope } from './scope.ts';
import { Spot } from './spot.ts';
import type { Unit } from './unit.ts';

/** Told about every definition that macros may use while the program is being compiled. */
type OnDefinition = (index: number, value: Value) => void;

/** Compiles the forms of a program. */
export const compileForms = (forms: readonly Form[], unit: Unit, onDefinition: OnDefinition): Code => {
  const lambda = new LambdaScope(undefined);
  const context: Context = { unit, scope: new Scope(undefined), lambda, loops: [] };
  const nodes = forms.map((form) => {
    const node = analyse(form.value, new Spot(form.source, form.offset), context);
    announce(node, onDefinition);
    return node;
  });
  const first = forms[0];
  const spot = first ? new Spot(first.source, first.offset) : new Spot(new SourceText('', ''), 0);
  const code = new Code('', [], false, lambda, sequence(nodes), spot, unit.redefined);
  // Macros ran before all redefinitions of builtins were known.
  if (unit.redefined.size > 0) for (const known of unit.codes) known.reset();
  return code;
};

const announce = (node: Node, onDefinition: OnDefinition): void => {
  if (node.kind === 'seq') for (const item of node.nodes) announce(item, onDefinition);
  if (node.kind !== 'setGlobal' || !node.define) return;
  const { value } = node;
  if (value.kind === 'const' || value.kind === 'literal') onDefinition(node.index, value.value);
  else if (value.kind === 'lambda' && value.code.scope.captures.length === 0) {
    onDefinition(node.index, new Closure(value.code, []));
  }
};
