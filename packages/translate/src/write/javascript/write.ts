// The intermediate form as a JavaScript module.
import type { Expr, Func, Stmt } from '../../ir/types.ts';
import type { Linked } from '../link.ts';
import { type LiteralStyle, writeLiteral } from '../metadata.ts';
import { JAVASCRIPT_WORDS, spellName } from '../names.ts';
import { pickPrelude } from '../prelude.ts';
import { quote, unitEscapes } from '../text.ts';

export const spellJavascript = spellName(JAVASCRIPT_WORDS);

const text = (value: string): string => quote(value, unitEscapes);
const key = (name: string): string => (/^[A-Za-z_$][\w$]*$/.test(name) && name !== '__proto__' ? name : text(name));

const LITERAL: LiteralStyle = {
  nil: 'null',
  yes: 'true',
  no: 'false',
  text,
  list: ['[', ',', ']'],
  map: ['{ ', ',', ' }'],
  entry: (name, value) => `${name === '__proto__' ? '["__proto__"]' : key(name)}: ${value}`,
};

const PRELUDE = {
  file: './javascript/prelude.mjs',
  start: /^export function (_\w+)/,
  words: /\b_\w+/g,
};

/** The whole file. */
export function writeJavascript(linked: Linked, data: (name: string) => string): string {
  const { program, main } = linked;
  const parts = [
    ...linked.data.map((name) => `const _${name} = ${data(name)};`),
    ...linked.functions.map(writeFunction),
    ...linked.globals.map(({ name, value }) => `let ${name} = ${writeExpr(value)};`),
    writeFunction(main),
  ];
  const entry = writeEntry(linked);
  const own = [entry, ...parts].join('\n\n');
  return [
    `// ${program.heading}`,
    `export const AGENT = ${writeLiteral(program.metadata, LITERAL)};\n`,
    entry,
    ...parts.map((part) => `\n${part}`),
    `\n${pickPrelude(PRELUDE, own)}`,
  ].join('\n');
}

function writeEntry({ program, toSource, fromSource }: Linked): string {
  const { parameters } = program;
  const names = parameters.map((parameter, index) => `a${index + 1}_${spellJavascript(parameter.name)}`);
  const shown = parameters.map(({ key: said, fallback }, index) => {
    const name = /^[A-Za-z_$][\w$]*$/.test(said) && said === names[index] ? said : `${key(said)}: ${names[index]}`;
    return fallback !== undefined && isScalar(fallback) ? `${name} = ${scalar(fallback)}` : name;
  });
  const wantsRest = program.rest !== undefined || program.strict;
  const inner = (value: string): string => (toSource === undefined ? `_in(${value})` : `${toSource}(_in(${value}))`);
  const values = parameters.map(({ key: said, fallback }, index) => {
    const name = names[index] ?? '';
    if (fallback === undefined)
      return `${name} === undefined ? _fail(${text(`Missing argument "${said}"`)}) : ${inner(name)}`;
    return isScalar(fallback) ? inner(name) : `${name} === undefined ? ${writeExpr(fallback)} : ${inner(name)}`;
  });
  if (program.rest !== undefined) values.push(inner('rest'));
  const call = `_run(${values.map((value) => `\n    ${value}`).join(',')}${values.length > 0 ? '\n  ' : ''})`;
  const result = fromSource === undefined ? `_out(${call})` : `_out(${fromSource}(${call}))`;
  const list = [...shown, ...(wantsRest ? ['...rest'] : [])].join(', ');
  const check =
    program.strict && program.rest === undefined
      ? `  for (const name of Object.keys(rest)) _fail(${text('Unexpected argument: ')} + name);\n`
      : '';
  return `export function run(_context, { ${list} } = {}) {\n${check}  return ${result};\n}`;
}

const isScalar = (expr: Expr): boolean => ['null', 'bool', 'int', 'float', 'text'].includes(expr.kind);
/** As callers would pass it. */
function scalar(expr: Expr): string {
  return expr.kind === 'int' ? String(expr.value) : writeExpr(expr);
}

function writeFunction({ name, params, body }: Func): string {
  return `function ${name}(${params.join(', ')}) {\n${writeBlock(body, '  ')}}`;
}

function writeBlock(body: readonly Stmt[], indent: string): string {
  return body.map((stmt) => writeStmt(stmt, indent)).join('');
}

function writeStmt(stmt: Stmt, indent: string): string {
  const inner = `${indent}  `;
  switch (stmt.kind) {
    case 'let':
      return `${indent}let ${stmt.name} = ${writeExpr(stmt.value)};\n`;
    case 'set':
      return `${indent}${stmt.name} = ${writeExpr(stmt.value)};\n`;
    case 'do':
      return `${indent}${writeExpr(stmt.value)};\n`;
    case 'return':
      return `${indent}return ${writeExpr(stmt.value)};\n`;
    case 'fail':
      return `${indent}_fail(${writeExpr(stmt.value)});\n`;
    case 'if': {
      const no = stmt.no.length === 0 ? '' : ` else {\n${writeBlock(stmt.no, inner)}${indent}}`;
      return `${indent}if (${writeExpr(stmt.test)}) {\n${writeBlock(stmt.yes, inner)}${indent}}${no}\n`;
    }
    case 'while': {
      const body = writeBlock(stmt.body, inner);
      if (stmt.step.length === 0) return `${indent}while (${writeExpr(stmt.test)}) {\n${body}${indent}}\n`;
      const step = stmt.step.map((part) => writeStmt(part, '').trim().replace(/;$/, '')).join(', ');
      return `${indent}for (; ${writeExpr(stmt.test)}; ${step}) {\n${body}${indent}}\n`;
    }
    default:
      return `${indent}${stmt.kind};\n`;
  }
}

export const writeJavascriptValue = (expr: Expr): string => writeExpr(expr);

function writeExpr(expr: Expr): string {
  switch (expr.kind) {
    case 'null':
    case 'undefined':
      return expr.kind;
    case 'bool':
      return String(expr.value);
    case 'int':
      return expr.value < 0n ? `(${expr.value}n)` : `${expr.value}n`;
    case 'float':
      return Object.is(expr.value, -0) ? '(-0)' : expr.value < 0 ? `(${expr.value})` : String(expr.value);
    case 'text':
      return text(expr.value);
    case 'list':
      return `[${expr.items.map(writeExpr).join(', ')}]`;
    case 'dict':
      return `new Map([${expr.entries.map(([name, value]) => `[${writeExpr(name)}, ${writeExpr(value)}]`).join(', ')}])`;
    case 'name':
    case 'function':
      return expr.name;
    case 'call':
      return `${expr.name}(${expr.args.map(writeExpr).join(', ')})`;
    case 'apply':
      return `_apply(${writeExpr(expr.fn)}, [${expr.args.map(writeExpr).join(', ')}])`;
    case 'lambda': {
      const [only] = expr.body;
      const params = `(${expr.params.join(', ')})`;
      if (expr.body.length === 1 && only?.kind === 'return') return `(${params} => ${writeExpr(only.value)})`;
      return `(${params} => {\n${writeBlock(expr.body, '  ')}})`;
    }
    case 'and':
    case 'or':
      return `(${writeExpr(expr.left)} ${expr.kind === 'and' ? '&&' : '||'} ${writeExpr(expr.right)})`;
    case 'not':
      return `!${writeExpr(expr.value)}`;
    case 'choose':
      return `(${writeExpr(expr.test)} ? ${writeExpr(expr.yes)} : ${writeExpr(expr.no)})`;
    case 'prim':
      return writePrim(expr.name, expr.args.map(writeExpr));
  }
}

function writePrim(name: string, args: readonly string[]): string {
  if (name.startsWith('data_')) return `_${name}`;
  const template = Object.hasOwn(INLINE, name) ? INLINE[name] : undefined;
  if (template === undefined)
    return `_${name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}(${args.join(', ')})`;
  return template.replace(/#(\d)/g, (_, at: string) => args[Number(at)] ?? '');
}

const INLINE: { readonly [name: string]: string } = {
  isNull: '(#0 === null)',
  isUndef: '(#0 === undefined)',
  isBool: "(typeof #0 === 'boolean')",
  isInt: "(typeof #0 === 'bigint')",
  isFloat: "(typeof #0 === 'number')",
  isText: "(typeof #0 === 'string')",
  isList: 'Array.isArray(#0)',
  isDict: '(#0 instanceof Map)',
  isFunc: "(typeof #0 === 'function')",
  same: '(#0 === #1)',
  add: '(#0 + #1)',
  sub: '(#0 - #1)',
  mul: '(#0 * #1)',
  lt: '(#0 < #1)',
  le: '(#0 <= #1)',
  fadd: '(#0 + #1)',
  fsub: '(#0 - #1)',
  fmul: '(#0 * #1)',
  fdiv: '(#0 / #1)',
  fmod: '(#0 % #1)',
  flt: '(#0 < #1)',
  fle: '(#0 <= #1)',
  feq: '(#0 === #1)',
  ffloor: 'Math.floor(#0)',
  fsqrt: 'Math.sqrt(#0)',
  fneg: '(-#0)',
  fpow: '(#0 ** #1)',
  log: 'Math.log(#0)',
  log10: 'Math.log10(#0)',
  toFloat: 'Number(#0)',
  trunc: 'BigInt(Math.trunc(#0))',
  finite: 'Number.isFinite(#0)',
  isNegative: '(#0 < 0 || Object.is(#0, -0))',
  fixedUp: '#0.toFixed(Number(#1))',
  itext: 'String(#0)',
  intOf: 'BigInt(#0)',
  floatOf: 'Number(#0)',
  join: "#0.join('')",
  chars: '[...#0]',
  code: 'BigInt(#0.codePointAt(0))',
  contains: '#0.includes(#1)',
  startsWith: '#0.startsWith(#1)',
  endsWith: '#0.endsWith(#1)',
  split: '#0.split(#1)',
  replace: '#0.split(#1).join(#2)',
  len: 'BigInt(#0.length)',
  get: '#0[#1]',
  put: '(#0[#1] = #2)',
  push: '#0.push(#1)',
  pop: '#0.pop()',
  slice: '#0.slice(Number(#1), Number(#2))',
  splice: '#0.splice(Number(#1), Number(#2), ...#3)',
  dhas: '#0.has(#1)',
  dget: '#0.get(#1)',
  dset: '#0.set(#1, #2)',
  ddel: '#0.delete(#1)',
  dkeys: '[...#0.keys()]',
  dlen: 'BigInt(#0.size)',
};
