// Attributes of spans: the names of OpenTelemetry's conventions for agents and models where it has some, else `pypes.`.
import type { Attributes } from '@opentelemetry/api';
import type { Json } from '@pypes/contract';
import type { RunEvent, RunRecord } from '@pypes/contract/runs';
import { errorTypeOf, numberOf, textOf, tokensOf } from './facts.ts';

const LONGEST = 256;
/** What is told of an event besides its type. Texts that agents or people wrote are not. */
const TOLD = [
  'call',
  'from',
  'kind',
  'step',
  'args_bytes',
  'args_digest',
  'output_bytes',
  'output_digest',
  'policy',
  'limit',
  'maximum',
  'approval',
  'attempt',
  'fraction',
] as const;

/** Of the whole run. */
export function runAttributes({ run_id, tenant, request, attempt, replay_of }: RunRecord): Attributes {
  const { agent, pack, blueprint, mode = 'normal' } = request;
  return withoutGaps({
    'gen_ai.operation.name': agent === undefined ? undefined : 'invoke_agent',
    'gen_ai.agent.name': cut(agent),
    'pypes.run.id': run_id,
    'pypes.run.mode': mode,
    'pypes.run.attempt': attempt,
    'pypes.tenant': tenant === '' ? undefined : tenant,
    'pypes.pack': cut(pack),
    'pypes.blueprint': cut(blueprint),
    'pypes.run.replay_of': replay_of?.run_id,
  });
}

/** Of one call, from the event that began or ended it. */
export function callAttributes({ event_type: type, attrs, actor }: RunEvent): Attributes {
  const isModel = type.startsWith('model.');
  const { input, output } = tokensOf(attrs);
  const model = cut(textOf(attrs.model));
  const began = type.endsWith('.started');
  return withoutGaps({
    'gen_ai.operation.name': isModel ? 'chat' : 'execute_tool',
    'gen_ai.tool.name': isModel ? undefined : cut(textOf(attrs.tool)),
    'gen_ai.request.model': isModel && began ? model : undefined,
    'gen_ai.response.model': isModel && !began ? model : undefined,
    'gen_ai.usage.input_tokens': input,
    'gen_ai.usage.output_tokens': output,
    'gen_ai.response.finish_reasons': isModel ? listOf(textOf(attrs.finish_reason)) : undefined,
    'pypes.actor': actor,
    ...eventAttributes(attrs),
  });
}

/** Of anything that happened within a span. */
export function eventAttributes(attrs: RunEvent['attrs']): Attributes {
  const told = TOLD.map((name) => [`pypes.${name}`, plainOf(attrs[name])] as const);
  return withoutGaps({ ...Object.fromEntries(told), 'error.type': errorTypeOf(attrs) });
}

type Plain = string | number | boolean | string[] | undefined;

function withoutGaps(attributes: { readonly [name: string]: Plain | Attributes[string] }): Attributes {
  return Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== undefined)) as Attributes;
}

function plainOf(value: Json | undefined): Plain {
  return typeof value === 'boolean' ? value : (cut(textOf(value)) ?? numberOf(value));
}

function listOf(text: string | undefined): string[] | undefined {
  return text === undefined ? undefined : [text];
}

function cut(text: string | undefined): string | undefined {
  return text?.slice(0, LONGEST).toWellFormed();
}
