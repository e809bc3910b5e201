// Limits between two hosts: each sends its own, and the smaller of both counts.
import { isJsonObject, type Json, type JsonObject } from '../json.ts';
import type { Limits } from '../limits.ts';

/** As they travel, by their snake_case names. */
export function toWireLimits(limits: Limits): JsonObject {
  return Object.fromEntries(Object.entries(limits).map(([name, value]) => [toSnake(name), value]));
}

/** One's own limits, but for those of which the other side has a smaller one. */
export function smallerLimits(own: Limits, sent: Json | undefined): Limits {
  const other = isJsonObject(sent) ? sent : {};
  const entries = Object.entries(own).map(([name, value]) => {
    const theirs = other[toSnake(name)];
    return [name, typeof theirs === 'number' && theirs >= 0 ? Math.min(value, Math.floor(theirs)) : value];
  });
  return Object.fromEntries(entries) as Limits;
}

function toSnake(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
