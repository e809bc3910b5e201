// Evaluates templates: no loops, no calls, an output of bounded size.
import { isJsonObject, type Json, type JsonObject, jsonSize, PypesError } from '@pypes/contract';
import { suggestion } from '../did-you-mean.ts';
import { type Expression, type Template, wholeOf } from './ast.ts';
import { FILTERS, FilterFault, printed } from './filters.ts';

/** What names mean: `input`, `item`, `index`, and `{ output, status, error }` for each step. */
export type Scope = JsonObject;

const MOST_CHARACTERS = 1024 * 1024;

/**
 * The value of a template. One expression alone keeps its type, everything else gives a text.
 *
 * @param mostCharacters how large the JSON text of the result, or of a text under way, may be
 * @throws PypesError `invalid_input` that says what is missing or of the wrong type, and where; `too_large`
 * @example
 * evaluateTemplate(parseTemplate('{{ price.output }}'), { price: { output: 120 } }); // 120
 */
export function evaluateTemplate(template: Template, scope: Scope, mostCharacters = MOST_CHARACTERS): Json {
  const whole = wholeOf(template);
  if (whole !== undefined) {
    const value = present(evaluate(whole, scope, mostCharacters), whole);
    if (typeof value === 'object' && value !== null && jsonSize(value) > mostCharacters)
      throw tooLarge(whole, mostCharacters);
    return value;
  }
  let text = '';
  for (const part of template.parts) {
    text += typeof part === 'string' ? part : printed(present(evaluate(part, scope, mostCharacters), part));
    if (text.length > mostCharacters && typeof part !== 'string') throw tooLarge(part, mostCharacters);
  }
  return text;
}

/**
 * The value of a condition.
 *
 * @throws PypesError `invalid_input` where it is neither true nor false
 */
export function evaluateCondition(template: Template, scope: Scope): boolean {
  const value = evaluateTemplate(template, scope);
  if (typeof value === 'boolean') return value;
  throw new PypesError(
    'invalid_input',
    `The condition "${template.source}" gave ${shown(value)}, it has to give true or false`,
  );
}

function evaluate(expression: Expression, scope: Scope, most: number): Json | undefined {
  switch (expression.kind) {
    case 'literal':
      return expression.value;
    case 'path':
      return lookUp(expression, scope);
    case 'not':
      return !toBoolean(expression.operand, scope, most);
    case 'and':
      return toBoolean(expression.left, scope, most) && toBoolean(expression.right, scope, most);
    case 'or':
      return toBoolean(expression.left, scope, most) || toBoolean(expression.right, scope, most);
    case 'compare':
      return compare(expression, scope, most);
    case 'filter':
      return filter(expression, scope, most);
  }
}

function lookUp(expression: Expression & { readonly kind: 'path' }, scope: Scope): Json | undefined {
  const { root, steps, where } = expression;
  if (!Object.hasOwn(scope, root)) {
    throw fault(where, `There is no "${root}"${suggestion(root, Object.keys(scope))}`);
  }
  let value: Json | undefined = scope[root];
  for (const step of steps) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = Object.hasOwn(value, step) ? (value as { readonly [key: string]: Json })[step] : undefined;
  }
  return value;
}

function compare(expression: Expression & { readonly kind: 'compare' }, scope: Scope, most: number): boolean {
  const { operator, where } = expression;
  const left = present(evaluate(expression.left, scope, most), expression.left);
  const right = present(evaluate(expression.right, scope, most), expression.right);
  if (operator === '==' || operator === '!=') return isEqual(left, right) === (operator === '==');
  if (operator === 'in') {
    if (Array.isArray(right)) return right.some((item: Json) => isEqual(item, left));
    if (typeof right === 'string' && typeof left === 'string') return right.includes(left);
    throw fault(where, `"in" takes a list, or two texts, got ${shown(left)} in ${shown(right)}`);
  }
  const comparable = typeof left === typeof right && (typeof left === 'number' || typeof left === 'string');
  if (!comparable)
    throw fault(where, `"${operator}" takes two numbers or two texts, got ${shown(left)} and ${shown(right)}`);
  const [a, b] = [left as number, right as number];
  return operator === '<' ? a < b : operator === '<=' ? a <= b : operator === '>' ? a > b : a >= b;
}

function filter(expression: Expression & { readonly kind: 'filter' }, scope: Scope, most: number): Json {
  const { name, operand, args, where } = expression;
  const value = evaluate(operand, scope, most);
  if (value === undefined && name !== 'default') present(value, operand);
  const given = args.map((arg) => present(evaluate(arg, scope, most), arg));
  try {
    const result = (FILTERS[name] as (typeof FILTERS)[string]).apply(value, given, most);
    if (typeof result === 'string' && result.length > most) throw tooLarge(expression, most);
    return result;
  } catch (error) {
    if (error instanceof FilterFault) throw fault(where, `The filter "${name}" ${error.message}`);
    throw error;
  }
}

function toBoolean(expression: Expression, scope: Scope, most: number): boolean {
  const value = present(evaluate(expression, scope, most), expression);
  if (typeof value === 'boolean') return value;
  throw fault(expression.where, `True or false is expected, got ${shown(value)}; compare it with something`);
}

function present(value: Json | undefined, { where, ...expression }: Expression): Json {
  if (value !== undefined) return value;
  const name = expression.kind === 'path' ? `"${[expression.root, ...expression.steps].join('.')}"` : 'The value';
  throw fault(where, `${name} is not there; add | default(VALUE) if it may be missing`);
}

function isEqual(a: Json, b: Json): boolean {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return a === b;
  if (Array.isArray(a)) {
    return Array.isArray(b) && a.length === b.length && a.every((item: Json, index) => isEqual(item, b[index] as Json));
  }
  if (!isJsonObject(a) || !isJsonObject(b)) return false;
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => Object.hasOwn(b, key) && isEqual(a[key] as Json, b[key] as Json))
  );
}

function tooLarge({ where }: Expression, most: number): PypesError {
  return new PypesError(
    'too_large',
    `Line ${where.line}, column ${where.column}: the template gives more than ${most} characters`,
  );
}

function fault({ line, column }: Expression['where'], message: string): PypesError {
  return new PypesError('invalid_input', `Line ${line}, column ${column}: ${message}`);
}

function shown(value: Json): string {
  const text = JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
