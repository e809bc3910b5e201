// The report as JSON: what the service answers, with sorted keys, so that two of them can be compared line by line.
import { canonicalJson, type Json } from '@pypes/contract';
import type { Report } from './words.ts';

/** `{gate_decision, scorecard}`, two spaces deep. */
export function toJsonText({ scorecard, gate_decision }: Report): string {
  const sorted = JSON.parse(canonicalJson({ scorecard, gate_decision } as unknown as Json)) as Json;
  return `${JSON.stringify(sorted, null, 2)}\n`;
}
