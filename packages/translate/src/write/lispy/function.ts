// One function of the intermediate form as LisPy: statements become expressions that end in what comes next.
import type { Expr, Func, Stmt } from '../../ir/types.ts';
import { quote, unitEscapes } from '../text.ts';

export const lispyText = (value: string): string => quote(value, unitEscapes);

/** What a block goes on with where it comes to its end, to `break` or to `continue`. */
type Next = { readonly end: () => string; readonly leave: () => string; readonly again: () => string };

const nowhere = (): string => 'nil';

export function writeLispyFunction({ name, params, body }: Func): string {
  return `(define (${[name, ...params].join(' ')})\n  ${createWriter().block(body)})`;
}

export function writeLispyExpr(expr: Expr): string {
  return createWriter().expression(expr);
}

function createWriter() {
  let count = 0;

  const block = (body: readonly Stmt[], next: Next = { end: nowhere, leave: nowhere, again: nowhere }): string => {
    const [stmt, ...rest] = body;
    if (stmt === undefined) return next.end();
    const after = (): string => block(rest, next);
    switch (stmt.kind) {
      case 'let': {
        const isProcedure = stmt.value.kind === 'lambda';
        return `(${isProcedure ? 'letrec' : 'let'} ((${stmt.name} ${expression(stmt.value)})) ${after()})`;
      }
      case 'set':
        return sequence(`(set! ${stmt.name} ${expression(stmt.value)})`, after());
      case 'do':
        return sequence(expression(stmt.value), after());
      case 'return':
        return expression(stmt.value);
      case 'fail':
        return `(_fail ${expression(stmt.value)})`;
      case 'break':
        return next.leave();
      case 'continue':
        return next.again();
      case 'if':
        return choice(stmt, rest, next);
      case 'while':
        return turns(stmt, after, next);
    }
  };

  const choice = (stmt: Stmt & { readonly kind: 'if' }, rest: readonly Stmt[], next: Next): string => {
    const test = expression(stmt.test);
    if (!jumps(stmt.yes) && !jumps(stmt.no)) {
      const plain = stmt.no.length === 0 ? '' : ` ${block(stmt.no)}`;
      return sequence(`(if ${test} ${block(stmt.yes)}${plain})`, block(rest, next));
    }
    if (ends(stmt.yes)) return `(if ${test} ${block(stmt.yes, next)} ${block([...stmt.no, ...rest], next)})`;
    if (ends(stmt.no)) return `(if ${test} ${block([...stmt.yes, ...rest], next)} ${block(stmt.no, next)})`;
    if (rest.length === 0) return `(if ${test} ${block(stmt.yes, next)} ${block(stmt.no, next)})`;
    const name = `next${++count}`;
    const joined: Next = { ...next, end: () => `(${name})` };
    return `(let ((${name} (lambda () ${block(rest, next)}))) (if ${test} ${block(stmt.yes, joined)} ${block(stmt.no, joined)}))`;
  };

  const turns = (stmt: Stmt & { readonly kind: 'while' }, after: () => string, next: Next): string => {
    if (!jumps(stmt.body)) {
      return sequence(`(while ${expression(stmt.test)} ${block([...stmt.body, ...stmt.step])})`, after());
    }
    const [name, exit] = [`loop${++count}`, `exit${count}`];
    const again = (): string => block(stmt.step, { ...next, end: () => `(${name})` });
    const breaks = leaves(stmt.body);
    const done = breaks ? (): string => `(${exit})` : after;
    const body = block(stmt.body, { end: again, leave: done, again });
    const text = `(let ${name} () (if ${expression(stmt.test)} ${body} ${done()}))`;
    return breaks ? `(let ((${exit} (lambda () ${after()}))) ${text})` : text;
  };

  const expression = (expr: Expr): string => {
    switch (expr.kind) {
      case 'null':
        return 'nil';
      case 'undefined':
        return "'undefined";
      case 'bool':
        return expr.value ? 'true' : 'false';
      case 'int':
        return String(expr.value);
      case 'float':
        return float(expr.value);
      case 'text':
        return lispyText(expr.value);
      case 'list':
        return form('_list', expr.items);
      case 'dict':
        return form('dict', expr.entries.flat());
      case 'name':
      case 'function':
        return expr.name;
      case 'call':
        return form(expr.name, expr.args);
      case 'apply':
        return `(${[expr.fn, ...expr.args].map(expression).join(' ')})`;
      case 'lambda':
        return `(lambda (${expr.params.join(' ')}) ${block(expr.body)})`;
      case 'and':
      case 'or':
        return `(${expr.kind} ${expression(expr.left)} ${expression(expr.right)})`;
      case 'not':
        return `(not ${expression(expr.value)})`;
      case 'choose':
        return `(if ${expression(expr.test)} ${expression(expr.yes)} ${expression(expr.no)})`;
      case 'prim':
        return primitive(expr.name, expr.args.map(expression));
    }
  };
  const form = (name: string, args: readonly Expr[]): string => `(${[name, ...args.map(expression)].join(' ')})`;
  return { block, expression };
}

function primitive(name: string, args: readonly string[]): string {
  if (name.startsWith('data_')) return `_${name}`;
  const template = Object.hasOwn(INLINE, name) ? INLINE[name] : undefined;
  if (template === undefined)
    return `(${[`_${name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}`, ...args].join(' ')})`;
  return template.replace(/#(\d)/g, (_, at: string) => args[Number(at)] ?? '');
}

function float(value: number): string {
  if (Object.is(value, -0)) return '(* -1.0 0.0)';
  const text = String(value);
  return /[.e]/.test(text) ? text : `${text}.0`;
}

const sequence = (first: string, then: string): string => `(begin ${first} ${then})`;

/** Whether a block may leave the normal order: loops inside keep their own `break` and `continue`. */
function jumps(body: readonly Stmt[]): boolean {
  return body.some((stmt) => {
    if (stmt.kind === 'return' || stmt.kind === 'break' || stmt.kind === 'continue') return true;
    if (stmt.kind === 'if') return jumps(stmt.yes) || jumps(stmt.no);
    return stmt.kind === 'while' && (returns(stmt.body) || jumps(stmt.step));
  });
}

function returns(body: readonly Stmt[]): boolean {
  return body.some(
    (stmt) =>
      stmt.kind === 'return' ||
      (stmt.kind === 'if' && (returns(stmt.yes) || returns(stmt.no))) ||
      (stmt.kind === 'while' && returns(stmt.body)),
  );
}

/** Whether a loop's body breaks out of it. */
function leaves(body: readonly Stmt[]): boolean {
  return body.some((stmt) => stmt.kind === 'break' || (stmt.kind === 'if' && (leaves(stmt.yes) || leaves(stmt.no))));
}

/** Whether a block never comes to its end. */
function ends(body: readonly Stmt[]): boolean {
  const last = body.at(-1);
  if (last === undefined) return false;
  if (last.kind === 'if') return ends(last.yes) && ends(last.no);
  return last.kind === 'return' || last.kind === 'break' || last.kind === 'continue' || last.kind === 'fail';
}

const INLINE: { readonly [name: string]: string } = {
  isNull: '(identical? #0 nil)',
  isUndef: "(identical? #0 'undefined)",
  isBool: '(boolean? #0)',
  isInt: '(integer? #0)',
  isFloat: '(float? #0)',
  isText: '(string? #0)',
  isFunc: '(procedure? #0)',
  add: '(+ #0 #1)',
  sub: '(- #0 #1)',
  mul: '(* #0 #1)',
  lt: '(< #0 #1)',
  le: '(<= #0 #1)',
  idiv: '(// #0 #1)',
  imod: '(% #0 #1)',
  fadd: '(+ #0 #1)',
  fsub: '(- #0 #1)',
  fmul: '(* #0 #1)',
  flt: '(< #0 #1)',
  fle: '(<= #0 #1)',
  feq: '(= #0 #1)',
  fneg: '(* -1.0 #0)',
  fpow: '(expt #0 #1)',
  log: '(log #0)',
  log10: '(log10 #0)',
  toFloat: '(float #0)',
  trunc: '(exact (truncate #0))',
  finite: 'true',
  isNegative: '(string-prefix? "-" (number->string #0))',
  fixedUp: '(to-fixed #0 #1)',
  itext: '(number->string #0)',
  intOf: '(parse-int #0)',
  floatOf: '(float (string->number #0))',
  code: '(char->integer #0)',
  contains: '(string-contains? #0 #1)',
  startsWith: '(string-prefix? #1 #0)',
  endsWith: '(string-suffix? #1 #0)',
  replace: '(string-replace #0 #1 #2)',
  dget: '(get #0 #1)',
  dlen: '(length #0)',
};
