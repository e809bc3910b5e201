// The intermediate form as a LisPy program.
import { isJsonObject, type Json } from '@pypes/contract';
import type { Program } from '../../ir/types.ts';
import type { Linked } from '../link.ts';
import { type LiteralStyle, writeLiteral } from '../metadata.ts';
import { spellName } from '../names.ts';
import { pickPrelude } from '../prelude.ts';
import { TargetRefusal } from '../target-refusal.ts';
import { quote, unitEscapes } from '../text.ts';
import { lispyText, writeLispyExpr, writeLispyFunction } from './function.ts';

export const spellLispy = (name: string): string => `${spellName(new Set())(name)}`.replace(/^(.*)$/, 'v-$1');

const LITERAL: LiteralStyle = {
  nil: 'nil',
  yes: 'true',
  no: 'false',
  text: (value) => quote(value, unitEscapes),
  list: ['[', '', ']'],
  map: ['{', '', '}'],
  entry: (key, value) => `${/^[A-Za-z][A-Za-z0-9_]*$/.test(key) ? `:${key}` : quote(key, unitEscapes)} ${value}`,
};

const PRELUDE = { file: './lispy/prelude.lispy', start: /^\(define \((_\w+)/, words: /(?<![\w'-])_\w+/g };

/** The whole file. */
export function writeLispy(linked: Linked, data: (name: string) => string): string {
  const { program, main } = linked;
  const parts = [
    ...linked.data.map((name) => `(define _${name} ${data(name)})`),
    ...linked.functions.map(writeLispyFunction),
    ...linked.globals.map(({ name, value }) => `(define ${name} ${writeLispyExpr(value)})`),
    writeLispyFunction(main),
  ];
  const entry = writeEntry(linked);
  const own = [entry, ...parts].join('\n\n');
  return [
    `; ${program.heading}`,
    `(def AGENT ${writeLiteral(program.metadata, LITERAL)})\n`,
    pickPrelude(PRELUDE, own),
    ...parts.map((part) => `${part}\n`),
    entry,
    '',
  ].join('\n');
}

/** LisPy gives nil for an argument that is missing: where a caller may also pass null, the two cannot be told apart. */
function writeEntry({ program, toSource, fromSource }: Linked): string {
  if (program.rest !== undefined) {
    throw new TargetRefusal(
      'all other arguments',
      'A LisPy agent gets the arguments that its parameters name and no others',
    );
  }
  const names = program.parameters.map(({ key }) => {
    if (/^[A-Za-z_][\w-]*$/.test(key)) return key;
    throw new TargetRefusal(`parameter "${key}"`, 'LisPy cannot write this name');
  });
  const values = program.parameters.map(({ key, fallback }) => {
    const from = (given: string): string =>
      toSource === undefined ? `(_in ${given})` : `(${toSource} (_in ${given}))`;
    const inner = from(key);
    if (fallback?.kind === 'null') return inner;
    if (mayBeNull(program, key)) {
      throw new TargetRefusal(
        `parameter "${key}"`,
        'LisPy cannot tell null from a missing argument; give its schema a type without null',
      );
    }
    const written =
      fallback === undefined ? `(_fail ${lispyText(`Missing argument "${key}"`)})` : writeLispyExpr(fallback);
    const otherwise = fallback !== undefined && SCALARS.has(fallback.kind) ? from(written) : written;
    return `(if (identical? ${key} nil) ${otherwise} ${inner})`;
  });
  const call = `(_run${values.map((value) => `\n    ${value}`).join('')})`;
  const result = fromSource === undefined ? `(_out ${call})` : `(_out (${fromSource} ${call}))`;
  return `(defn run [${['context', ...names].join(' ')}]\n  ${result})`;
}

const SCALARS = new Set(['bool', 'int', 'float', 'text']);

function mayBeNull({ metadata }: Program, key: string): boolean {
  const parameters = metadata.parameters;
  const properties = isJsonObject(parameters) ? parameters.properties : undefined;
  const schema = properties !== undefined && isJsonObject(properties) ? properties[key] : undefined;
  return schema === undefined || allowsNull(schema);
}

function allowsNull(schema: Json): boolean {
  if (!isJsonObject(schema)) return schema !== false;
  if (Array.isArray(schema.enum)) return schema.enum.includes(null);
  if (schema.const !== undefined) return schema.const === null;
  return (
    schema.type === undefined || (Array.isArray(schema.type) ? schema.type.includes('null') : schema.type === 'null')
  );
}
