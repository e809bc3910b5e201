// Sources of a plan as the templates of a blueprint.
import { isJsonObject, type Json } from '@pypes/contract';
import type { PlanStep, Source, StepValue, When } from '../draft/plan.ts';

const NAME = /^[A-Za-z_][A-Za-z0-9_]*(?:-[A-Za-z0-9_]+)*$/;
const INDEX = /^(?:0|[1-9]\d{0,8})$/;

/** What stands in `input` of a step. */
export function toInput({ input }: PlanStep): Json {
  return Object.fromEntries(Object.entries(input).map(([name, source]) => [name, toValue(source)]));
}

/** A list for `foreach`. */
export function toList(list: StepValue): string {
  return `{{ ${toPath(list)} }}`;
}

/** A condition for `when`. */
export function toCondition({ value, operator, than }: When): string {
  return `{{ ${toPath(value)} ${operator} ${typeof than === 'string' ? toLiteral(than) : String(than)} }}`;
}

function toValue(source: Source): Json {
  switch (source.from) {
    case 'constant':
      return withoutTemplates(source.value);
    case 'text':
      return source.parts.map((part) => (typeof part === 'string' ? plainText(part) : toTemplate(part))).join('');
    default:
      return toTemplate(source);
  }
}

type Value = Exclude<Source, { readonly from: 'constant' | 'text' }>;

function toTemplate(value: Value): string {
  const most = value.from === 'input' ? undefined : value.most;
  return `{{ ${toPath(value)}${most === undefined ? '' : ` | text | truncate(${most})`} }}`;
}

function toPath(value: Value): string {
  if (value.from === 'input') return `input${toSteps([value.name])}`;
  const root = value.from === 'item' ? 'item' : `${value.step}.output`;
  return root + toSteps(value.path);
}

function toSteps(path: readonly string[]): string {
  return path
    .map((name) => (NAME.test(name) ? `.${name}` : INDEX.test(name) ? `[${name}]` : `[${toLiteral(name)}]`))
    .join('');
}

/** A text inside an expression. `}}` inside of it does not end the expression. */
function toLiteral(text: string): string {
  const escaped = text
    .replaceAll('\\', '\\\\')
    .replaceAll('"', '\\"')
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r')
    .replaceAll('\t', '\\t');
  return `"${escaped}"`;
}

/** Braces in a text that somebody gave mean nothing. */
function plainText(text: string): string {
  return text.replaceAll('{{', '{{ "{{" }}');
}

function withoutTemplates(value: Json): Json {
  // TOML has no null, templates do.
  if (value === null) return '{{ null }}';
  if (typeof value === 'string') return plainText(value);
  if (Array.isArray(value)) return value.map(withoutTemplates);
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withoutTemplates(item)]));
}
