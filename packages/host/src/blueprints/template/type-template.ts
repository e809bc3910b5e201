// The static type of a template, and how many bits of each value that it names get into its result.
import { isJsonObject, type Json, type JsonSchema } from '@pypes/contract';
import { suggestion } from '../did-you-mean.ts';
import { bitsOf, inWords, type Where } from '../guard-check.ts';
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
  const uses = typed.flatMap((part) => (typeof part === 'string' ? [] : part.uses));
  const [only] = typed;
  if (typed.length === 1 && typeof only === 'object') return { schema: only.schema, uses, problems };
  if (typed.every((part) => typeof part === 'string')) return { schema: { const: typed.join('') }, uses, problems };
  const length = typed.reduce<number>(
    (sum, part) => sum + (typeof part === 'string' ? part.length : printedLength(part.schema)),
    0,
  );
  return { schema: { type: 'string', ...(Number.isFinite(length) ? { maxLength: length } : {}) }, uses, problems };
}

type Typed = { readonly schema: JsonSchema | undefined; readonly uses: readonly Use[] };

const BOOLEAN: JsonSchema = { type: 'boolean' };

function typeOf(expression: Expression, scope: TypeScope, problems: TypeProblem[]): Typed {
  switch (expression.kind) {
    case 'literal':
      return { schema: { const: expression.value }, uses: [] };
    case 'path':
      return typePath(expression, scope, problems);
    case 'not': {
      const operand = typeOf(expression.operand, scope, problems);
      wantBoolean(operand.schema, expression.operand.where, problems);
      return narrowed(BOOLEAN, operand.uses);
    }
    case 'and':
    case 'or': {
      const sides = [expression.left, expression.right].map((side) => {
        const typed = typeOf(side, scope, problems);
        wantBoolean(typed.schema, side.where, problems);
        return typed;
      });
      return narrowed(
        BOOLEAN,
        sides.flatMap(({ uses }) => uses),
      );
    }
    case 'compare':
      return typeComparison(expression, scope, problems);
    case 'filter': {
      const filter = FILTERS[expression.name] as (typeof FILTERS)[string];
      // What `default` is there for is that something may be missing.
      const operand = typeOf(expression.operand, scope, expression.name === 'default' ? onlySure(problems) : problems);
      const args = expression.args.map((arg) => typeOf(arg, scope, problems));
      wantTypes(operand.schema, filter.takes, `The filter "${expression.name}"`, expression.where, problems);
      const uses = [operand, ...args].flatMap((part) => part.uses);
      return narrowed(
        filter.type(
          operand.schema,
          args.map(({ schema }) => schema?.const),
        ),
        uses,
      );
    }
  }
}

/** No more gets through than the result can carry. */
function narrowed(schema: JsonSchema | undefined, uses: readonly Use[]): Typed {
  const most = bitsOf(schema);
  return { schema, uses: uses.map((use) => (use.bits <= most ? use : { ...use, bits: most })) };
}

function typePath(
  { root, steps, where }: Expression & { readonly kind: 'path' },
  scope: TypeScope,
  problems: TypeProblem[],
): Typed {
  if (!scope.has(root)) {
    problems.push({ where, message: `There is no "${root}"${suggestion(root, scope.keys())}`, sure: true });
    return { schema: undefined, uses: [] };
  }
  const found = schemaAt(scope.get(root), steps);
  if (found.kind === 'missing') {
    const what = [root, ...steps.slice(0, found.at)].join('.');
    problems.push({
      where,
      message: `"${what}" has no "${steps[found.at]}"${suggestion(String(steps[found.at]), found.known)}`,
      sure: true,
    });
    return { schema: undefined, uses: [{ root, steps, bits: Number.POSITIVE_INFINITY, where }] };
  }
  if (found.optional) {
    problems.push({
      where,
      message: `"${[root, ...steps].join('.')}" may be missing; add | default(VALUE)`,
      sure: false,
    });
  }
  return { schema: found.schema, uses: [{ root, steps, bits: bitsOf(found.schema), where }] };
}

function typeComparison(
  { operator, left, right, where }: Expression & { readonly kind: 'compare' },
  scope: TypeScope,
  problems: TypeProblem[],
): Typed {
  const [a, b] = [typeOf(left, scope, problems), typeOf(right, scope, problems)];
  if (operator === 'in') wantTypes(b.schema, ['array', 'string'], '"in"', where, problems);
  else if (operator !== '==' && operator !== '!=') {
    for (const side of [a, b])
      wantTypes(side.schema, ['number', 'integer', 'string'], `"${operator}"`, where, problems);
  }
  return narrowed(BOOLEAN, [...a.uses, ...b.uses]);
}

function wantBoolean(schema: JsonSchema | undefined, where: Where, problems: TypeProblem[]): void {
  wantTypes(schema, ['boolean'], 'A condition', where, problems);
}

function wantTypes(
  schema: JsonSchema | undefined,
  takes: readonly string[] | undefined,
  what: string,
  where: Where,
  problems: TypeProblem[],
): void {
  const types = knownTypes(schema);
  if (takes === undefined || types === undefined) return;
  const wrong = types.filter((type) => !takes.includes(type));
  if (wrong.length === 0) return;
  const message = `${what} takes ${takes.join(' or ')}, and this is ${inWords(schema ?? true)}`;
  problems.push({ where, message, sure: wrong.length === types.length });
}

/** The types that a schema's values have for certain; undefined where it does not say. */
function knownTypes(schema: JsonSchema | undefined): readonly string[] | undefined {
  if (schema === undefined) return undefined;
  if (schema.const !== undefined) return [typeName(schema.const)];
  if (Array.isArray(schema.enum)) return [...new Set(schema.enum.map((value: Json) => typeName(value)))];
  if (typeof schema.type === 'string') return [schema.type];
  if (Array.isArray(schema.type)) return schema.type as readonly string[];
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
