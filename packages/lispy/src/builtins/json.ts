/** JSON text: parsing with exact integers, and dumping; neither is recursive. */

import { dumpJson } from '../json/dump.ts';
import { parseJson } from '../json/parse.ts';
import type { Machine } from '../machine/machine.ts';
import type { Value } from '../values/value.ts';
import { integerArg, newString, stringArg } from './arguments.ts';
import { family, fixed, type Row } from './define.ts';

const parse = (machine: Machine, text: Value): Value => parseJson(stringArg(machine, text, 'json-parse'), machine);

const dump = (machine: Machine, value: Value, indent: Value = 0): Value =>
  newString(machine, dumpJson(value, machine, typeof indent === 'number' ? integerArg(indent, 'json-dump', 0, 10) : 0));

const rows: Row[] = [
  ['json-parse parse-json json->lisp json-decode', 'text', 'The value of a JSON text.', fixed(parse)],
  ['json-dump json-stringify to-json json-encode ->json', 'value [indent]', 'The JSON text of a value.', fixed(dump)],
  [
    'json-pretty',
    'value',
    'The JSON text of a value on indented lines.',
    fixed((machine, value) => dump(machine, value, 2)),
  ],
];

export const jsonBuiltins = family('json', rows);
