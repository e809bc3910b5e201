/** The mars profile: flat `let`, `concat` and `string` for text, `log` prints, `_` makes lambdas. */

import { spread } from '../builtins/define.ts';
import { builtins } from '../builtins/index.ts';
import { printLine } from '../builtins/output.ts';
import { Builtin } from '../values/procedure.ts';
import type { Value } from '../values/value.ts';
import type { Profile } from './profile.ts';

const renamed = (name: string, parameters: string, doc: string, from: string): [string, Value] => [
  name,
  new Builtin(name, parameters, doc, 'mars', builtins.get(from)!.how),
];

/** Programs of the Mars simulation. A flat `let` and `_` are read by the analyser. */
export const mars: Profile = {
  name: 'mars',
  doc: 'Programs of the Mars simulation: log prints, concat joins text, _ makes lambdas',
  bindings: new Map<string, Value>([
    ['log', new Builtin('log', '. value', 'Writes values and ends the line.', 'mars', spread(printLine))],
    renamed('concat', '. value', 'The text of all values.', 'str'),
    renamed('string', '. value', 'The text of all values.', 'str'),
  ]),
  hostFunctions: new Map(),
  placeholders: true,
};
