// The labels policy as it stands in a policy file, with precise words for what is wrong in it.
import { isJsonObject, type Json, type JsonObject, PypesError } from '@pypes/contract';
import { parseDeclaredFlow } from '../flow/declared.ts';
import type { LabelsOptions } from './labels.ts';

/** What a policy file says; what a tool is, the contexts and the person to ask come from the host. */
export type LabelsConfig = Required<Pick<LabelsOptions, 'action' | 'afterStop' | 'declared' | 'unproven'>>;

const KEYS: readonly string[] = ['use', 'action', 'after_stop', 'unproven', 'declared'];

/**
 * Reads `{use: "labels", action?, after_stop?, unproven?: {bits_per_call, bits_per_context}, declared?: […]}`.
 *
 * @throws PypesError `invalid_request`
 * @example
 * labels({ ...parseLabelsConfig({ use: 'labels' }), about, contexts });
 */
export function parseLabelsConfig(value: Json, where = 'policy'): LabelsConfig {
  if (!isJsonObject(value)) throw invalid(where, 'a table', value);
  for (const key of Object.keys(value)) if (!KEYS.includes(key)) throw invalid(where, `only ${KEYS.join(', ')}`, key);
  const { action = 'deny', after_stop: afterStop = 'ask', unproven = {}, declared = [] } = value;
  if (value.use !== 'labels') throw invalid(`${where}.use`, '"labels"', value.use);
  if (action !== 'deny' && action !== 'approve') throw invalid(`${where}.action`, '"deny" or "approve"', action);
  if (afterStop !== 'ask' && afterStop !== 'continue') {
    throw invalid(`${where}.after_stop`, '"ask" or "continue"', afterStop);
  }
  if (!isJsonObject(unproven)) throw invalid(`${where}.unproven`, 'a table', unproven);
  if (!Array.isArray(declared)) throw invalid(`${where}.declared`, 'a list of declared flows', declared);
  return {
    action,
    afterStop,
    unproven: {
      bitsPerCall: toBits(unproven, 'bits_per_call', 64, where),
      bitsPerContext: toBits(unproven, 'bits_per_context', 128, where),
    },
    declared: declared.map((flow: Json, index) => parseDeclaredFlow(flow, `${where}.declared[${index}]`)),
  };
}

function toBits(unproven: JsonObject, name: string, byDefault: number, where: string): number {
  const bits = unproven[name] ?? byDefault;
  if (typeof bits === 'number' && bits >= 0) return bits;
  throw invalid(`${where}.unproven.${name}`, 'a number of bits', bits);
}

function invalid(where: string, wanted: string, value: Json | undefined): PypesError {
  return new PypesError('invalid_request', `${where} takes ${wanted}, got ${JSON.stringify(value)?.slice(0, 80)}`);
}
