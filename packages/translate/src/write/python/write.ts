// The intermediate form as a Python module.
import type { Expr, Func } from '../../ir/types.ts';
import type { Linked } from '../link.ts';
import { type LiteralStyle, writeLiteral } from '../metadata.ts';
import { PYTHON_WORDS, spellName } from '../names.ts';
import { pickPrelude } from '../prelude.ts';
import { type PythonExpr, writePythonFunction } from './function.ts';
import { pythonFloat, pythonText } from './text.ts';

export const spellPython = spellName(PYTHON_WORDS);

const LITERAL: LiteralStyle = {
  nil: 'None',
  yes: 'True',
  no: 'False',
  text: pythonText,
  list: ['[', ',', ']'],
  map: ['{', ',', '}'],
  entry: (key, value) => `${pythonText(key)}: ${value}`,
};

const PRELUDE = { file: './python/prelude.py', start: /^(?:def |class )?(_\w+)(?=[ (:=])/, words: /\b_\w+/g };

/** The whole file. */
export function writePython(linked: Linked, data: (name: string) => string): string {
  const { program, main } = linked;
  const globals = new Set(linked.globals.map(({ name }) => name));
  const one = (func: Func): string => writePythonFunction(func, globals, writePrim);
  const parts = [
    ...linked.functions.map(one),
    ...linked.data.map((name) => `_${name} = ${data(name)}\n`),
    ...linked.globals.map(({ name, value }) => {
      const made = one({ name: `_make_${name}`, params: [], body: [{ kind: 'return', value }] });
      return isLiteral(value) ? `${name} = ${simple(value)}\n` : `${made}\n\n${name} = _make_${name}()\n`;
    }),
    one(main),
  ];
  const entry = writeEntry(linked);
  const own = [entry, ...parts].join('\n');
  const prelude = pickPrelude(PRELUDE, own);
  const absent = entry.includes('_absent') ? '_absent = object()\n' : '';
  return [
    `# ${program.heading}`,
    `AGENT = ${writeLiteral(program.metadata, LITERAL)}\n\n`,
    `${prelude}${absent}`,
    ...parts.map((part) => `\n${part}`),
    `\n${entry}`,
  ].join('\n');
}

function isLiteral(value: Expr): boolean {
  return ['null', 'bool', 'int', 'float', 'text'].includes(value.kind);
}

const simple = (value: Expr): string => {
  if (value.kind === 'text') return pythonText(value.value);
  if (value.kind === 'bool') return value.value ? 'True' : 'False';
  if (value.kind === 'int') return String(value.value);
  if (value.kind === 'float') return pythonFloat(value.value);
  return value.kind === 'undefined' ? '_undefined' : 'None';
};

function writeEntry({ program, toSource, fromSource }: Linked): string {
  const { parameters } = program;
  const inner = (value: string): string => (toSource === undefined ? `_in(${value})` : `${toSource}(_in(${value}))`);
  const isPlain = (key: string): boolean => /^[A-Za-z_]\w*$/.test(key) && !RESERVED.has(key);
  const byName = parameters.every(({ key }) => isPlain(key));
  const required = parameters.filter(({ fallback }) => fallback === undefined);
  const shown = byName
    ? [...required, ...parameters.filter(({ fallback }) => fallback !== undefined)].map(({ key, fallback }) =>
        fallback === undefined
          ? key
          : `${key}=${isLiteral(fallback) ? simple(fallback) : fallback.kind === 'undefined' ? '_undefined' : '_absent'}`,
      )
    : [];
  const takesRest = program.rest !== undefined || !program.strict || !byName;
  const lines: string[] = [];
  const values = parameters.map(({ key, fallback }) => {
    const given = byName
      ? key
      : `_rest.pop(${pythonText(key)}, ${fallback === undefined || !isLiteral(fallback) ? '_absent' : simple(fallback)})`;
    if (fallback === undefined && !byName) {
      lines.push(
        `    if ${pythonText(key)} not in _rest:\n        _fail(${pythonText(`Missing argument "${key}"`)})\n`,
      );
      return inner(given);
    }
    if (fallback === undefined || isLiteral(fallback)) return inner(given);
    const made =
      fallback.kind === 'call'
        ? `${fallback.name}()`
        : fallback.kind === 'undefined'
          ? '_undefined'
          : fallback.kind === 'list'
            ? '[]'
            : '{}';
    const sentinel = byName && fallback.kind === 'undefined' ? '_undefined' : '_absent';
    const name = `_given_${lines.length}`;
    lines.push(`    ${name} = ${given}\n`);
    return `${made} if ${name} is ${sentinel} else ${inner(name)}`;
  });
  if (program.rest !== undefined) values.push(inner('_rest'));
  const call = `_run(${values.join(', ')})`;
  const result = fromSource === undefined ? `_out(${call})` : `_out(${fromSource}(${call}))`;
  const check =
    program.strict && program.rest === undefined && !byName
      ? '    if _rest:\n        _fail("Unexpected arguments: " + ", ".join(_rest))\n'
      : '';
  const signature = ['context', ...shown, ...(takesRest ? ['**_rest'] : [])].join(', ');
  // Python takes an argument out of the rest as its value is read, so that only strangers stay in it.
  const order = check === '' ? '' : `    _result = ${result}\n`;
  if (check !== '') {
    const keys = parameters.map(({ key }) => pythonText(key)).join(', ');
    const early = `    if set(_rest) - {${keys}}:\n        _fail("Unexpected arguments: " + ", ".join(_rest))\n`;
    return `\ndef run(${signature}):\n${keys === '' ? check : early}${lines.join('')}    return ${result}\n`;
  }
  return `\ndef run(${signature}):\n${lines.join('')}${order}    return ${result}\n`;
}

const RESERVED = new Set(
  [...PYTHON_WORDS].filter((word) =>
    /^(False|None|True|and|as|assert|async|await|break|class|continue|def|del|elif|else|except|finally|for|from|global|if|import|in|is|lambda|nonlocal|not|or|pass|raise|return|try|while|with|yield|context)$/.test(
      word,
    ),
  ),
);

const writePrim: PythonExpr = (name, args) => {
  if (name.startsWith('data_')) return `_${name}`;
  const template = Object.hasOwn(INLINE, name) ? INLINE[name] : undefined;
  if (template === undefined)
    return `_${name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}(${args.join(', ')})`;
  return template.replace(/#(\d)/g, (_, at: string) => args[Number(at)] ?? '');
};

const INLINE: { readonly [name: string]: string } = {
  isNull: '(#0 is None)',
  isUndef: '(#0 is _undefined)',
  isBool: '(type(#0) is bool)',
  isInt: '(type(#0) is int)',
  isFloat: '(type(#0) is float)',
  isText: '(type(#0) is str)',
  isList: '(type(#0) is list)',
  isDict: '(type(#0) is dict)',
  isFunc: 'callable(#0)',
  add: '(#0 + #1)',
  sub: '(#0 - #1)',
  mul: '(#0 * #1)',
  lt: '(#0 < #1)',
  le: '(#0 <= #1)',
  idiv: '(#0 // #1)',
  imod: '(#0 % #1)',
  fadd: '(#0 + #1)',
  fsub: '(#0 - #1)',
  fmul: '(#0 * #1)',
  flt: '(#0 < #1)',
  fle: '(#0 <= #1)',
  feq: '(#0 == #1)',
  fneg: '(-#0)',
  trunc: 'int(#0)',
  isNegative: '(_copysign(1.0, #0) < 0.0)',
  intOf: 'int(#0)',
  floatOf: 'float(#0)',
  join: '"".join(#0)',
  chars: 'list(#0)',
  code: 'ord(#0)',
  contains: '(#1 in #0)',
  startsWith: '#0.startswith(#1)',
  endsWith: '#0.endswith(#1)',
  split: '#0.split(#1)',
  replace: '#0.replace(#1, #2)',
  len: 'len(#0)',
  get: '#0[#1]',
  push: '#0.append(#1)',
  pop: '#0.pop()',
  slice: '#0[#1:#2]',
  dhas: '(#1 in #0)',
  dget: '#0[#1]',
  dkeys: 'list(#0)',
  dlen: 'len(#0)',
};

/** A value that is no program: a table of characters. */
export function writePythonValue(expr: Expr): string {
  if (expr.kind === 'list') return `[${expr.items.map(writePythonValue).join(', ')}]`;
  if (expr.kind === 'dict')
    return `{${expr.entries.map(([key, value]) => `${writePythonValue(key)}: ${writePythonValue(value)}`).join(', ')}}`;
  return simple(expr);
}
