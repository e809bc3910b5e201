// The static type of a template, and how many bits of each value that it names get into its result.
import { isJsonObject, type Json, type JsonSchema } from '@pypes/contract';
import { suggestion } from '../did-you-mean.ts';
import { bitsOf, inWords, typesOf, type Where } from '../guard-check.ts';
import type { Expression, Template } from './ast.ts';
import { FILTERS, printedLength } from './filters.ts';
import { schemaAt } from './schema-at.ts';

/** The types of the names of a template; undefined: the name is there, its type is not known. */
export type TypeScope = ReadonlyMap<string, JsonSchema | undefined>;

/** One use of a value: its path, and the most bits of it that get into the result. */
export type Use = {
  readonly root: string;
  readonly steps: readonly (string | number)[];
  readonly bits: number;
  readonly where: Where;
};

/** `sure`: it is wrong whatever the values are. */
export type TypeProblem = { readonly where: Where; readonly message: string; readonly sure: boolean };

/** What is known of a template before it runs. */
export type TemplateType = {
  /** Undefined: not known. */
  readonly schema: JsonSchema | undefined;
  readonly uses: readonly Use[];
  readonly problems: readonly TypeProblem[];
};

/** Types a template. */
export function typeTemplate({ parts }: Template, scope: TypeScope): TemplateType {
  const problems: TypeProblem[] = [];
  const typed = parts.map((part) => (typeof part === 'string' ? part : typeOf(part, scope, problems)));
  const named = typed.flatMap((part) => (typeof part === 'string' ? [] : part.uses));
  // Whether it can be evaluated tells something of whatever it names, also where its value could tell nothing.
  const mayFail = typed.some((part) => typeof part !== 'string' && part.mayFail);
  const uses = mayFail ? named.map((use) => ({ ...use, bits: Math.max(1, use.bits) })) : named;
  const [only] = typed;
  if (typed.length === 1 && typeof only === 'object') return { schema: only.schema, uses, problems };
  if (typed.every((part) => typeof part === 'string')) return { schema: { const: typed.join('') }, uses, problems };
  const length = typed.reduce<number>(
    (sum, part) => sum + (typeof part === 'string' ? part.length : printedLength(part.schema)),
    0,
  );
  return { schema: { type: 'string', ...(Number.isFinite(length) ? { maxLength: length } : {}) }, uses, problems };
}

/** `mayFail`: the types do not say that it can be evaluated whatever the values are. */
type Typed = { readonly schema: JsonSchema | undefined; readonly uses: readonly Use[]; readonly mayFail: boolean };

const BOOLEAN: JsonSchema = { type: 'boolean' };

function typeOf(expression: Expression, scope: TypeScope, problems: TypeProblem[]): Typed {
  switch (expression.kind) {
    case 'literal':
      return { schema: { const: expression.value }, uses: [], mayFail: false };
    case 'path':
      return typePath(expression, scope, problems);
    case 'not': {
      const operand = typeOf(expression.operand, scope, problems);
      const isSure = wantBoolean(operand.schema, expression.operand.where, problems);
      return narrowed(BOOLEAN, operand.uses, operand.mayFail || !isSure);
    }
    case 'and':
    case 'or': {
      const sides = [expression.left, expression.right].map((side) => {
        const typed = typeOf(side, scope, problems);
        const isSure = wantBoolean(typed.schema, side.where, problems);
        return { uses: typed.uses, mayFail: typed.mayFail || !isSure };
      });
      return narrowed(
        BOOLEAN,
        sides.flatMap(({ uses }) => uses),
        sides.some(({ mayFail }) => mayFail),
      );
    }
    case 'compare':
      return typeComparison(expression, scope, problems);
    case 'filter': {
      const filter = FILTERS[expression.name] as (typeof FILTERS)[string];
      // What `default` is there for is that something may be missing.
      const operand = typeOf(expression.operand, scope, expression.name === 'default' ? onlySure(problems) : problems);
      const args = expression.args.map((arg) => typeOf(arg, scope, problems));
      const what = `The filter "${expression.name}"`;
      const isSure = wantTypes(operand.schema, filter.takes, what, expression.where, problems);
      const parts = [operand, ...args];
      const constants = args.map(({ schema }) => schema?.const);
      return narrowed(
        filter.type(operand.schema, constants),
        parts.flatMap(({ uses }) => uses),
        !isSure || filter.mayFail?.(constants) === true || parts.some(({ mayFail }) => mayFail),
      );
    }
  }
}

/** No more gets through than the result can carry. */
function narrowed(schema: JsonSchema | undefined, uses: readonly Use[], mayFail: boolean): Typed {
  const most = bitsOf(schema);
  return { schema, uses: uses.map((use) => (use.bits <= most ? use : { ...use, bits: most })), mayFail };
}

function typePath(
  { root, steps, where }: Expression & { readonly kind: 'path' },
  scope: TypeScope,
  problems: TypeProblem[],
): Typed {
  if (!scope.has(root)) {
    problems.push({ where, message: `There is no "${root}"${suggestion(root, scope.keys())}`, sure: true });
    return { schema: undefined, uses: [], mayFail: true };
  }
  const found = schemaAt(scope.get(root), steps);
  if (found.kind === 'missing') {
    const what = [root, ...steps.slice(0, found.at)].join('.');
    problems.push({
      where,
      message: `"${what}" has no "${steps[found.at]}"${suggestion(String(steps[found.at]), found.known)}`,
      sure: true,
    });
    return { schema: undefined, uses: [{ root, steps, bits: Number.POSITIVE_INFINITY, where }], mayFail: true };
  }
  if (found.optional) {
    problems.push({
      where,
      message: `"${[root, ...steps].join('.')}" may be missing; add | default(VALUE)`,
      sure: false,
    });
  }
  const value = bitsOf(found.schema);
  // That it is missing is one more thing that it can say.
  const bits = found.sure || !Number.isFinite(value) ? value : Math.log2(2 ** value + 1);
  return { schema: found.schema, uses: [{ root, steps, bits, where }], mayFail: !found.sure };
}

function typeComparison(
  { operator, left, right, where }: Expression & { readonly kind: 'compare' },
  scope: TypeScope,
  problems: TypeProblem[],
): Typed {
  const [a, b] = [typeOf(left, scope, problems), typeOf(right, scope, problems)];
  let isSure = operator === '==' || operator === '!=';
  if (operator === 'in') {
    wantTypes(b.schema, ['array', 'string'], '"in"', where, problems);
    isSure = isOnly(b.schema, ['array']) || (isOnly(a.schema, ['string']) && isOnly(b.schema, ['string']));
  } else if (!isSure) {
    for (const side of [a, b])
      wantTypes(side.schema, ['number', 'integer', 'string'], `"${operator}"`, where, problems);
    isSure = [['number', 'integer'], ['string']].some((types) => [a, b].every(({ schema }) => isOnly(schema, types)));
  }
  return narrowed(BOOLEAN, [...a.uses, ...b.uses], !isSure || a.mayFail || b.mayFail);
}

function isOnly(schema: JsonSchema | undefined, types: readonly string[]): boolean {
  return knownTypes(schema)?.every((type) => types.includes(type)) === true;
}

function wantBoolean(schema: JsonSchema | undefined, where: Where, problems: TypeProblem[]): boolean {
  return wantTypes(schema, ['boolean'], 'A condition', where, problems);
}

/** Notes what does not fit; true where it fits whatever the value is. */
function wantTypes(
  schema: JsonSchema | undefined,
  takes: readonly string[] | undefined,
  what: string,
  where: Where,
  problems: TypeProblem[],
): boolean {
  if (takes === undefined) return true;
  const types = knownTypes(schema);
  if (types === undefined) return false;
  const wrong = types.filter((type) => !takes.includes(type));
  if (wrong.length === 0) return true;
  const message = `${what} takes ${takes.join(' or ')}, and this is ${inWords(schema ?? true)}`;
  problems.push({ where, message, sure: wrong.length === types.length });
  return false;
}

/** The types that a schema's values have for certain; undefined where it does not say. */
function knownTypes(schema: JsonSchema | undefined): readonly string[] | undefined {
  if (schema === undefined) return undefined;
  if (schema.const !== undefined) return [typeName(schema.const)];
  if (Array.isArray(schema.enum)) return [...new Set(schema.enum.map((value: Json) => typeName(value)))];
  const types = typesOf(schema);
  if (types !== undefined) return types;
  const branches = schema.anyOf ?? schema.oneOf;
  if (!Array.isArray(branches)) return undefined;
  const each = branches.map((branch: Json) => knownTypes(isJsonObject(branch) ? branch : undefined));
  return each.includes(undefined) ? undefined : [...new Set(each.flatMap((types) => types ?? []))];
}

function typeName(value: Json): string {
  if (value === null) return 'null';
  return Array.isArray(value)
    ? 'array'
    : typeof value === 'number' && Number.isInteger(value)
      ? 'integer'
      : typeof value;
}

/** Takes note of what is wrong for certain only. */
function onlySure(problems: TypeProblem[]): TypeProblem[] {
  const sure: TypeProblem[] = [];
  sure.push = (...items) => problems.push(...items.filter((item) => item.sure));
  return sure;
}
