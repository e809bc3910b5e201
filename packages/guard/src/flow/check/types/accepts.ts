// Whether one known value fits a schema: for constants and enumerations, without running patterns of strangers.
import { isJsonObject, type Json } from '@pypes/contract';
import {
  ANNOTATIONS,
  beginEffort,
  deeper,
  isTooMuch,
  partOf,
  resolved,
  typeOfValue,
  typesOf,
  type Within,
} from './schema.ts';

/** `unknown`: the schema says something that is not looked at here, such as a pattern. */
export type Verdict = 'fits' | 'breaks' | 'unknown';

/** Whether a schema lets a value through. */
export function accepts(within: Within, value: Json, effort = beginEffort()): Verdict {
  const found = isTooMuch(effort) ? undefined : resolved(within);
  if (found === undefined) return 'unknown';
  const { schema } = found;
  if (typeof schema === 'boolean') return schema ? 'fits' : 'breaks';
  const inside = (part: Json | undefined, of: Json = value) => accepts(partOf(found, part), of, deeper(effort));
  const types = typesOf(schema);
  const type = typeOfValue(value);
  const verdicts: Verdict[] = [];
  if (types !== undefined && !types.includes(type) && !(type === 'integer' && types.includes('number')))
    return 'breaks';
  for (const [keyword, says] of Object.entries(schema)) {
    switch (keyword) {
      case 'type':
        break;
      case 'const':
        verdicts.push(toVerdict(isSame(says, value)));
        break;
      case 'enum':
        verdicts.push(toVerdict(Array.isArray(says) && says.some((item: Json) => isSame(item, value))));
        break;
      case 'minimum':
      case 'maximum':
      case 'exclusiveMinimum':
      case 'exclusiveMaximum':
      case 'multipleOf':
        if (typeof value === 'number' && typeof says === 'number')
          verdicts.push(toVerdict(compares(keyword, value, says)));
        break;
      case 'minLength':
      case 'maxLength':
        if (typeof value !== 'string' || typeof says !== 'number') break;
        verdicts.push(toVerdict(keyword === 'minLength' ? [...value].length >= says : [...value].length <= says));
        break;
      case 'minItems':
      case 'maxItems':
        if (!Array.isArray(value) || typeof says !== 'number') break;
        verdicts.push(toVerdict(keyword === 'minItems' ? value.length >= says : value.length <= says));
        break;
      case 'items':
        if (!Array.isArray(value)) break;
        for (const item of value.slice(Array.isArray(schema.prefixItems) ? schema.prefixItems.length : 0) as Json[]) {
          verdicts.push(inside(says, item));
        }
        break;
      case 'prefixItems':
        if (!Array.isArray(value) || !Array.isArray(says)) break;
        for (const [index, part] of says.entries()) {
          if (index < value.length) verdicts.push(inside(part as Json, value[index] as Json));
        }
        break;
      case 'required':
        if (isJsonObject(value) && Array.isArray(says)) {
          verdicts.push(toVerdict(says.every((name) => typeof name !== 'string' || Object.hasOwn(value, name))));
        }
        break;
      case 'properties':
        if (!isJsonObject(value) || !isJsonObject(says)) break;
        for (const [name, part] of Object.entries(says)) {
          if (Object.hasOwn(value, name)) verdicts.push(inside(part, value[name] as Json));
        }
        break;
      case 'additionalProperties': {
        if (!isJsonObject(value)) break;
        if (schema.patternProperties !== undefined) verdicts.push('unknown');
        const known = isJsonObject(schema.properties) ? schema.properties : {};
        for (const [name, item] of Object.entries(value)) {
          if (!Object.hasOwn(known, name)) verdicts.push(inside(says, item));
        }
        break;
      }
      case 'anyOf':
        if (Array.isArray(says)) verdicts.push(best(says.map((part: Json) => inside(part))));
        break;
      case 'oneOf': {
        if (!Array.isArray(says)) break;
        const each = says.map((part: Json) => inside(part));
        const fitting = each.filter((verdict) => verdict === 'fits').length;
        const unknown = each.includes('unknown');
        verdicts.push(fitting > 1 ? 'breaks' : unknown ? 'unknown' : toVerdict(fitting === 1));
        break;
      }
      case 'allOf':
        if (Array.isArray(says)) verdicts.push(...says.map((part: Json) => inside(part)));
        break;
      default:
        if (!ANNOTATIONS.has(keyword)) verdicts.push('unknown');
    }
  }
  return worst(verdicts);
}

/** All of them have to fit. */
export function worst(verdicts: readonly Verdict[]): Verdict {
  return verdicts.includes('breaks') ? 'breaks' : verdicts.includes('unknown') ? 'unknown' : 'fits';
}

/** One of them has to fit. */
export function best(verdicts: readonly Verdict[]): Verdict {
  return verdicts.includes('fits') ? 'fits' : verdicts.includes('unknown') ? 'unknown' : 'breaks';
}

/** Whether two values are the same in JSON Schema's sense. */
export function isSame(a: Json, b: Json): boolean {
  if (a === b) return true;
  if (Array.isArray(a)) {
    return Array.isArray(b) && a.length === b.length && a.every((item: Json, index) => isSame(item, b[index] as Json));
  }
  if (!isJsonObject(a) || !isJsonObject(b)) return false;
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => Object.hasOwn(b, key) && isSame(a[key] as Json, b[key] as Json))
  );
}

function toVerdict(fits: boolean): Verdict {
  return fits ? 'fits' : 'breaks';
}

function compares(keyword: string, value: number, bound: number): boolean {
  switch (keyword) {
    case 'minimum':
      return value >= bound;
    case 'maximum':
      return value <= bound;
    case 'exclusiveMinimum':
      return value > bound;
    case 'exclusiveMaximum':
      return value < bound;
    default:
      return Number.isInteger(value / bound);
  }
}
