// The intermediate form as a Lua 5.4 chunk.
import type { Expr, Func, Stmt } from '../../ir/types.ts';
import type { Linked } from '../link.ts';
import { type LiteralStyle, writeLiteral } from '../metadata.ts';
import { LUA_WORDS, spellName } from '../names.ts';
import { pickPrelude } from '../prelude.ts';
import { quote } from '../text.ts';

export const spellLua = spellName(LUA_WORDS);

const text = (value: string): string => quote(value, (code) => `\\u{${code.toString(16)}}`);

const LITERAL: LiteralStyle = {
  nil: 'json and json.null',
  yes: 'true',
  no: 'false',
  text,
  list: ['{', ',', '}'],
  emptyList: 'json and json.array({}) or {}',
  map: ['{ ', ',', ' }'],
  entry: (key, value) =>
    /^[A-Za-z]\w*$/.test(key) && !LUA_WORDS.has(key) ? `${key} = ${value}` : `[${text(key)}] = ${value}`,
};

const PRELUDE = { file: './lua/prelude.lua', start: /^(?:function )?(_\w+)(?= ?[(=])/, words: /\b_\w+/g };

/** The whole file. Everything is global, as Lua's limit of 200 locals asks for; helpers begin with `_`. */
export function writeLua(linked: Linked, data: (name: string) => string): string {
  const { program, main } = linked;
  const parts = [
    ...linked.data.map((name) => `_${name} = ${data(name)}\n`),
    ...linked.functions.map(writeFunction),
    writeFunction(main),
  ];
  const globals = linked.globals.map(({ name, value }) => `${name} = ${writeExpr(value, '')}\n`);
  const entry = writeEntry(linked);
  const own = [entry, ...parts, ...globals, ...linked.functions.map(({ name }) => name)].join('\n');
  return [
    `-- ${program.heading}`,
    `AGENT = ${writeLiteral(program.metadata, LITERAL)}\n`,
    pickPrelude(PRELUDE, own),
    ...parts,
    ...globals,
    entry,
  ].join('\n');
}

function writeEntry({ program, toSource, fromSource }: Linked): string {
  const inner = (value: string, schema: string): string =>
    toSource === undefined ? `_in(${value}, ${schema})` : `${toSource}(_in(${value}, ${schema}))`;
  const lines: string[] = ['  args = args or {}\n'];
  const values = program.parameters.map(({ key, fallback }) => {
    const given = `args[${text(key)}]`;
    const schema = `_schema(${text(key)})`;
    if (fallback?.kind === 'null') return inner(given, schema);
    const written = fallback === undefined ? `_fail(${text(`Missing argument "${key}"`)})` : writeExpr(fallback, '');
    const isScalar = fallback !== undefined && ['bool', 'int', 'float', 'text'].includes(fallback.kind);
    const otherwise = isScalar ? inner(written, 'nil') : written;
    const name = `a${lines.length}`;
    lines.push(
      `  local ${name}\n  if ${given} == nil then ${name} = ${otherwise} else ${name} = ${inner(given, schema)} end\n`,
    );
    return name;
  });
  if (program.rest !== undefined || program.strict) {
    const known = program.parameters.map(({ key }) => `[${text(key)}] = true`).join(', ');
    lines.push(`  local known = { ${known} }\n`);
    if (program.rest === undefined) {
      lines.push(
        '  for key in pairs(args) do if not known[key] then _fail("Unexpected argument " .. tostring(key)) end end\n',
      );
    } else {
      lines.push(
        '  local rest, hints = {}, getmetatable(args)\n  for key, value in pairs(args) do if not known[key] then rest[key] = value end end\n',
      );
      lines.push(
        '  local order = hints and hints.__jsonorder and {}\n  if order then for _, key in ipairs(hints.__jsonorder) do if not known[key] then order[#order + 1] = key end end end\n',
      );
      lines.push('  setmetatable(rest, { __jsontype = "object", __jsonorder = order })\n');
      values.push(inner('rest', 'nil'));
    }
  }
  const call = `_run(${values.join(', ')})`;
  const result = fromSource === undefined ? `_out(${call})` : `_out(${fromSource}(${call}))`;
  const schema =
    'function _schema(name)\n  local properties = AGENT.parameters and AGENT.parameters.properties\n  return properties and properties[name]\nend\n\n';
  return `${schema}function run(context, args)\n${lines.join('')}  return ${result}\nend\n`;
}

function writeFunction({ name, params, body }: Func): string {
  return `function ${name}(${params.join(', ')})\n${writeBlock(body, '  ')}end\n`;
}

let labels = 0;

function writeBlock(body: readonly Stmt[], indent: string, label = ''): string {
  return body.map((stmt) => writeStmt(stmt, indent, label)).join('');
}

function writeStmt(stmt: Stmt, indent: string, label: string): string {
  const inner = `${indent}  `;
  switch (stmt.kind) {
    case 'let':
      return stmt.value.kind === 'lambda'
        ? `${indent}local ${stmt.name}\n${indent}${stmt.name} = ${writeExpr(stmt.value, indent)}\n`
        : `${indent}local ${stmt.name} = ${writeExpr(stmt.value, indent)}\n`;
    case 'set':
      return `${indent}${stmt.name} = ${writeExpr(stmt.value, indent)}\n`;
    case 'do': {
      const value = writeExpr(stmt.value, indent);
      return /^\w+\(/.test(value) ? `${indent}${value}\n` : `${indent}_nothing = ${value}\n`;
    }
    case 'return':
      return `${indent}do return ${writeExpr(stmt.value, indent)} end\n`;
    case 'fail':
      return `${indent}_fail(${writeExpr(stmt.value, indent)})\n`;
    case 'if': {
      const no = stmt.no.length === 0 ? '' : `${indent}else\n${writeBlock(stmt.no, inner, label)}`;
      return `${indent}if ${writeExpr(stmt.test, indent)} then\n${writeBlock(stmt.yes, inner, label)}${no}${indent}end\n`;
    }
    case 'while': {
      const own = `next_${++labels}`;
      const body = writeBlock(stmt.body, `${inner}  `, own);
      const step = writeBlock(stmt.step, inner, '');
      const mark = body.includes(`goto ${own}\n`) ? `${inner}::${own}::\n` : '';
      return `${indent}while ${writeExpr(stmt.test, indent)} do\n${inner}do\n${body}${inner}end\n${mark}${step}${indent}end\n`;
    }
    case 'break':
      return `${indent}break\n`;
    case 'continue':
      return `${indent}goto ${label}\n`;
  }
}

function writeExpr(expr: Expr, indent: string): string {
  const write = (part: Expr): string => writeExpr(part, indent);
  switch (expr.kind) {
    case 'null':
      return '_null';
    case 'undefined':
      return '_undefined';
    case 'bool':
      return String(expr.value);
    case 'int':
      if (expr.value < -9223372036854775807n || expr.value > 9223372036854775807n)
        return '_refuse("an integer beyond 64 bits")';
      return expr.value < 0n ? `(${expr.value})` : String(expr.value);
    case 'float':
      return float(expr.value);
    case 'text':
      return text(expr.value);
    case 'list':
      return `_list(${expr.items.length}, {${expr.items.map((item) => `${write(item)}`).join(', ')}})`;
    case 'dict':
      return expr.entries.length === 0 ? '_dict({}, {})' : `_entries({${expr.entries.flat().map(write).join(', ')}})`;
    case 'name':
      return expr.name;
    case 'function':
      return `_fn(${expr.arity}, ${expr.name})`;
    case 'call':
      return `${expr.name}(${expr.args.map(write).join(', ')})`;
    case 'apply':
      return `_apply(${[write(expr.fn), String(expr.args.length), ...expr.args.map(write)].join(', ')})`;
    case 'lambda':
      return `_fn(${expr.params.length}, function(${expr.params.join(', ')})\n${writeBlock(expr.body, `${indent}  `)}${indent}end)`;
    case 'and':
    case 'or':
      return `(${write(expr.left)} ${expr.kind} ${write(expr.right)})`;
    case 'not':
      return `(not ${write(expr.value)})`;
    case 'choose':
      if (isTrue(expr.yes)) return `(${write(expr.test)} and ${write(expr.yes)} or ${write(expr.no)})`;
      return `(function() if ${write(expr.test)} then return ${write(expr.yes)} else return ${write(expr.no)} end end)()`;
    case 'prim':
      return writePrim(expr.name, expr.args.map(write));
  }
}

/** Whether an expression's value is neither false nor nil for Lua. */
const isTrue = (expr: Expr): boolean =>
  ['null', 'undefined', 'int', 'float', 'text', 'list', 'dict', 'lambda'].includes(expr.kind);

function float(value: number): string {
  if (Object.is(value, -0)) return '(-0.0)';
  const digits = String(value);
  const written = /[.e]/.test(digits) ? digits : `${digits}.0`;
  return value < 0 ? `(${written})` : written;
}

function writePrim(name: string, args: readonly string[]): string {
  if (name.startsWith('data_')) return `_${name}`;
  const template = Object.hasOwn(INLINE, name) ? INLINE[name] : undefined;
  if (template === undefined)
    return `_${name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}(${args.join(', ')})`;
  return template.replace(/#(\d)/g, (_, at: string) => args[Number(at)] ?? '');
}

const INLINE: { readonly [name: string]: string } = {
  isNull: '(#0 == _null)',
  isUndef: '(#0 == _undefined)',
  isBool: '(type(#0) == "boolean")',
  isInt: '(math.type(#0) == "integer")',
  isFloat: '(math.type(#0) == "float")',
  isFunc: '(type(#0) == "function")',
  lt: '(#0 < #1)',
  le: '(#0 <= #1)',
  idiv: '(#0 // #1)',
  imod: '(#0 % #1)',
  fadd: '(#0 + #1)',
  fsub: '(#0 - #1)',
  fmul: '(#0 * #1)',
  fdiv: '(#0 / #1)',
  flt: '(#0 < #1)',
  fle: '(#0 <= #1)',
  feq: '(#0 == #1)',
  fneg: '(-#0)',
  fsqrt: 'math.sqrt(#0)',
  toFloat: '(#0 + 0.0)',
  finite: '(#0 - #0 == 0.0)',
  isNegative: '(#0 < 0.0 or (#0 == 0.0 and 1.0 / #0 < 0.0))',
  itext: 'tostring(#0)',
  floatOf: '(tonumber(#0) + 0.0)',
  code: 'utf8.codepoint(#0)',
  len: '#0.n',
  get: '#0[#1 + 1]',
  dhas: '(#0.values[#1] ~= nil)',
  dget: '#0.values[#1]',
  dlen: '#(#0).keys',
};

/** A value that is no program: a table of characters. */
export const writeLuaValue = (expr: Expr): string => writeExpr(expr, '');
