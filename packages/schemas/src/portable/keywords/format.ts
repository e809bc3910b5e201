// format, and formatMinimum and its like, with the same definitions that the Ajv driver uses.

import type { JsonObject } from '@pypes/contract';
import { fullFormats } from 'ajv-formats/dist/formats.js';
import { isUrl } from '../../url-format.ts';
import type { Check } from '../compilation.ts';
import { fail } from '../run.ts';

/** A format that nobody knows is an annotation. */
export function stringFormat({ format }: JsonObject): Check<string> | undefined {
  const test = definitionOf(format)?.test;
  return test && ((value, run) => test(value) || fail(run, () => `must match format "${format}"`));
}

export function numberFormat({ format }: JsonObject): Check<number> | undefined {
  const test = definitionOf(format)?.testNumber;
  return test && ((value, run) => test(value) || fail(run, () => `must match format "${format}"`));
}

/** @throws Error where values of the format have no order */
export function formatLimits(schema: JsonObject): readonly (Check<string> | undefined)[] {
  return [
    limit(schema, 'formatMinimum', (order) => order < 0, '>='),
    limit(schema, 'formatMaximum', (order) => order > 0, '<='),
    limit(schema, 'formatExclusiveMinimum', (order) => order <= 0, '>'),
    limit(schema, 'formatExclusiveMaximum', (order) => order >= 0, '<'),
  ];
}

type Definition = {
  readonly test?: (value: string) => boolean;
  readonly testNumber?: (value: number) => boolean;
  readonly compare?: (value: string, other: string) => number | undefined;
};

function limit(schema: JsonObject, keyword: string, fails: (order: number) => boolean, words: string) {
  const { [keyword]: bound, format } = schema;
  if (bound === undefined) return undefined;
  if (typeof bound !== 'string') throw new Error(`"${keyword}" is ${JSON.stringify(bound)}, and has to be a string`);
  if (format === undefined) throw new Error(`"${keyword}" cannot stand without "format"`);
  const definition = definitionOf(format);
  if (definition === undefined) return undefined;
  const { compare } = definition;
  if (compare === undefined) throw new Error(`"${keyword}": values of the format "${format}" have no order`);
  const check: Check<string> = (value, run) => {
    const order = compare(value, bound);
    return order === undefined || !fails(order) || fail(run, () => `must be ${words} ${bound}`);
  };
  return check;
}

/** Undefined for a format that is unknown, or that says nothing about the value. */
function definitionOf(format: unknown): Definition | undefined {
  if (typeof format !== 'string' || !Object.hasOwn(fullFormats, format)) return undefined;
  if (format === 'url') return { test: isUrl };
  const known = fullFormats[format as keyof typeof fullFormats];
  if (known === undefined || typeof known === 'boolean') return undefined;
  if (known instanceof RegExp) return { test: (value) => known.test(value) };
  if (typeof known === 'function') return { test: known as (value: string) => boolean };
  const { validate, compare, type } = known as FormatDefinition;
  if (type === 'number') return { testNumber: validate as (value: number) => boolean };
  const test =
    validate instanceof RegExp
      ? (value: string) => validate.test(value)
      : (value: string) => Boolean((validate as (value: string) => unknown)(value));
  return { test, ...(compare === undefined ? {} : { compare }) };
}

type FormatDefinition = {
  readonly type?: 'string' | 'number';
  readonly validate: RegExp | ((value: never) => unknown);
  readonly compare?: (value: string, other: string) => number | undefined;
};
