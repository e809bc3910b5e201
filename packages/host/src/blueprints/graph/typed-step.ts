// One workflow step with its types: what it is given, how often, and what its id means to others.
import type { JsonSchema } from '@pypes/contract';
import type { InputValue, Step } from '../blueprint.ts';
import { isSubsumed, toFinding, type Where } from '../guard-check.ts';
import { createCombination, eitherSchema, listSchema } from '../template/combine.ts';
import { type TemplateType, type TypeScope, typeTemplate } from '../template/type-template.ts';
import { WORKFLOW } from './coverage.ts';
import { addContext, type Context, type Draft, STEP } from './draft.ts';
import { toStep, walkInput } from './values.ts';

/** A step with its types. */
export type TypedStep = {
  readonly step: Step;
  readonly context: Context;
  /** How often it runs at the most. */
  readonly items: number;
  /** What it is given, each time, and by pointer what each part of that is. */
  readonly sent: JsonSchema;
  readonly fields: ReadonlyMap<string, JsonSchema | undefined>;
  /** DLP looks at what it gives. */
  readonly isScanned: boolean;
  /** What its id means in templates. */
  readonly scope: JsonSchema;
  /** The list that foreach goes through. */
  readonly list?: TemplateType;
};

const STATUS: JsonSchema = { enum: ['done', 'skipped', 'failed'] };

/** Types a step whose predecessors are typed, and adds its place and its call; undefined where it calls nothing. */
export function typeStep(draft: Draft, step: Step, outside: TypeScope): TypedStep | undefined {
  const part = draft.parts.get(step.component);
  if (part === undefined) return undefined;
  const place = { id: STEP + step.id, kind: 'step', where: step.where } as const;
  const context = addContext(draft, place, part, step.function, step.functionWhere);
  if (context === undefined) return undefined;
  const list = step.foreach === undefined ? undefined : typeTemplate(step.foreach, outside);
  if (list !== undefined) noteProblems(draft, list, step.foreach?.where ?? step.where, { type: 'array' }, '"foreach"');
  const items = itemsOf(step, list?.schema);
  const types = withItem(outside, list, items);
  if (step.when !== undefined) {
    noteProblems(draft, typeTemplate(step.when, types), step.when.where, { type: 'boolean' }, '"when"');
  }
  const fields = new Map<string, JsonSchema | undefined>();
  walkInput(step.input, '', (template, pointer) => {
    const type = typeTemplate(template, types);
    noteProblems(draft, type, template.where);
    fields.set(pointer, type.schema);
  });
  const sent = inputSchema(step.input, '', fields);
  const callee = { component: part.name, function: context.function };
  // Whether it ran, and how often, is nothing that DLP looks at.
  const isUnconditional = step.when === undefined && step.foreach === undefined;
  const max = draft.blueprint.maxPayload;
  draft.calls.push({
    id: context.id,
    title: `step "${step.id}"`,
    where: step.where,
    node: context.id,
    nodeTitle: context.title,
    sent,
    ...(context.facts.parameters === undefined ? {} : { taken: context.facts.parameters }),
    ...(context.facts.returns === undefined ? {} : { given: context.facts.returns }),
    mostUses: items * (1 + step.retries),
    maxBytes: (max.edges.get(step.id) ?? max.default).value,
    maxBytesWhere: (max.edges.get(step.id) ?? max.default).where,
    ownLimit: max.edges.has(step.id),
  });
  return {
    step,
    context,
    items,
    sent,
    fields,
    isScanned: isUnconditional && draft.coverage.covers('dlp', WORKFLOW, callee, step.middleware, 'reply'),
    scope: scopeOf(step, context, items),
    ...(list === undefined ? {} : { list }),
  };
}

function scopeOf(step: Step, { facts }: Context, items: number): JsonSchema {
  const may: (JsonSchema | undefined)[] = [facts.returns];
  if (step.when !== undefined || step.onError.kind === 'continue') may.push({ type: 'null' });
  if (step.onError.kind === 'value') may.push({ const: step.onError.value });
  const each = may.length === 1 ? facts.returns : eitherSchema(may);
  const output = step.foreach === undefined ? each : listSchema(each, items);
  const whole = createCombination();
  const properties = { output: whole.embed(output), status: STATUS, error: { type: ['string', 'null'] } };
  return whole.finish({
    type: 'object',
    properties,
    required: ['output', 'status', 'error'],
    additionalProperties: false,
  });
}

function itemsOf(step: Step, list: JsonSchema | undefined): number {
  if (step.foreach === undefined) return 1;
  const stated = typeof list?.maxItems === 'number' ? list.maxItems : Number.POSITIVE_INFINITY;
  return Math.min(step.maxItems ?? Number.POSITIVE_INFINITY, stated);
}

/** The names inside foreach. */
export function withItem(types: TypeScope, list: TemplateType | undefined, items: number): TypeScope {
  if (list === undefined) return types;
  const { schema } = list;
  const item = schema?.items;
  const known = typeof item === 'object' && item !== null && !Array.isArray(item) && schema?.prefixItems === undefined;
  const definitions = schema?.$defs === undefined ? {} : { $defs: schema.$defs };
  const maximum = Number.isFinite(items) ? Math.max(0, items - 1) : Number.MAX_SAFE_INTEGER;
  return new Map<string, JsonSchema | undefined>([
    ...types,
    ['item', known ? { ...(item as JsonSchema), ...definitions } : undefined],
    ['index', { type: 'integer', minimum: 0, maximum }],
  ]);
}

/** The schema of arguments that are put together of templates. */
function inputSchema(
  value: InputValue,
  pointer: string,
  fields: ReadonlyMap<string, JsonSchema | undefined>,
): JsonSchema {
  const whole = createCombination();
  return whole.finish(build(value, pointer));

  function build(part: InputValue, at: string): JsonSchema {
    switch (part.kind) {
      case 'template':
        return whole.embed(fields.get(at));
      case 'constant':
        return { const: part.value };
      case 'list': {
        const items = part.items.map((item, index) => build(item, `${at}/${index}`));
        return { type: 'array', prefixItems: items, items: false, minItems: items.length, maxItems: items.length };
      }
      case 'object': {
        const properties = Object.fromEntries(
          [...part.entries].map(([key, item]) => [key, build(item, at + toStep(key))]),
        );
        return { type: 'object', properties, required: Object.keys(properties), additionalProperties: false };
      }
    }
  }
}

function noteProblems(
  draft: Draft,
  { problems, schema }: TemplateType,
  where: Where,
  wanted?: JsonSchema,
  what?: string,
): void {
  for (const problem of problems) {
    draft.found.push(toFinding('PB703', problem.where, problem.message, problem.sure ? {} : { severity: 'note' }));
  }
  if (wanted === undefined || schema === undefined || problems.length > 0) return;
  const { verdict, differences } = isSubsumed(schema, wanted);
  if (verdict === 'breaks')
    draft.found.push(toFinding('PB703', where, `${what} does not fit: ${differences[0]?.what}`));
}
