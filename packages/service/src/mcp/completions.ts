// Suggestions while a person fills in a prompt's argument, or an address's variable: what the agent's schema names.
import { isJsonObject, type Json } from '@pypes/contract';
import type { Offer } from './catalog/offers.ts';

const MOST = 100;

/** Values that begin as what was typed, from enum, const, examples and the agent's own examples. */
export function completeArgument({ entry }: Offer, argument: string, typed: string): readonly string[] {
  const { parameters, examples = [] } = entry.metadata;
  const property = isJsonObject(parameters.properties) ? parameters.properties[argument] : undefined;
  const named = isJsonObject(property)
    ? [...listOf(property.enum), property.const, ...listOf(property.examples), property.default]
    : [];
  const values = [...named, ...examples.map(({ args }) => args[argument])]
    .filter((value) => typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
    .map(String);
  const wanted = typed.toLowerCase();
  return [...new Set(values)].filter((value) => value.toLowerCase().startsWith(wanted)).slice(0, MOST);
}

function listOf(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? (value as readonly Json[]) : [];
}
