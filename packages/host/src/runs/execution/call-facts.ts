// What is told of a host call: names, sizes and digests, never a value, and nothing that a secret could be guessed from.
import { type Call, canonicalJson, isJsonObject, type Json, type JsonObject } from '@pypes/contract';
import type { RunEventActor } from '@pypes/contract/runs';
import type { AgentCall, CapabilityCall } from '../../calls/call.ts';
import type { Chain } from '../../capabilities/chain.ts';
import { digestOfBytes, digestOfText } from '../sha256.ts';
import type { RecordedCall } from './journal.ts';

/** One call of a run, from its beginning to its end. */
export type WatchedCall = {
  /** From 1, in the order in which calls begin. */
  readonly n: number;
  readonly span: string;
  /** The call that it was made in; absent for calls of the run itself. */
  readonly parent?: WatchedCall;
  readonly key: string;
  readonly chain: Chain | undefined;
  readonly step?: string;
  /** What an earlier attempt recorded of it. */
  readonly known?: RecordedCall;
  /** Without secrets. */
  readonly args: JsonObject;
  readonly size: Measure;
  /** When it was asked for. */
  readonly began: number;
  /** How far it came: `entered` where no policy stood in its way. */
  state: 'asked' | 'entered' | 'answered' | 'failed';
};

/** How large a value is as JSON text, and the digest of its canonical one. */
export type Measure = { readonly bytes: number; readonly digest: string };

export const MODEL_CALL = 'context.ai.complete';

const RETRIEVAL: ReadonlySet<string> = new Set([
  'context.memory.get',
  'context.memory.list',
  'context.objects.get',
  'context.objects.list',
]);

export function actorOf({ to }: Call): RunEventActor {
  if (to === MODEL_CALL) return 'model';
  return RETRIEVAL.has(to) ? 'retrieval' : 'tool';
}

export function chainOf(call: Call): Chain | undefined {
  return call.kind === 'agent' ? (call as AgentCall).frame.chain : (call as CapabilityCall).chain;
}

const encoder = new TextEncoder();

/** What cannot be written (too deep, no number) is refused by the guard, which comes later. */
export function measure(value: Json): Measure {
  let text = '';
  try {
    text = canonicalJson(value);
  } catch {
    // Known by having no text.
  }
  const bytes = encoder.encode(text);
  return { bytes: bytes.length, digest: digestOfBytes(bytes) };
}

/** What the call is known by: the same call has the same key, in whatever attempt or replay. */
export function keyOf(call: Call, argsDigest: string, parent: WatchedCall | undefined): string {
  return digestOfText(
    canonicalJson([call.kind, call.to, call.packGuid, call.userGuid ?? null, argsDigest, parent?.key ?? '']),
  );
}

/** What is told when it begins. */
export function startFacts(call: Call, size: Measure, args: JsonObject, chain: Chain | undefined): JsonObject {
  return {
    tool: hidden(call.to, chain),
    from: call.from,
    kind: call.kind,
    ...(call.to === MODEL_CALL && typeof args.model === 'string' ? { model: args.model } : {}),
    args_bytes: size.bytes,
    args_digest: size.digest,
  };
}

/** What is told of its answer. */
export function endFacts(call: Call, given: Json, chain: Chain | undefined): JsonObject {
  const output = chain?.json(given) ?? given;
  const size = measure(output);
  return {
    status: 'ok',
    output_bytes: size.bytes,
    output_digest: size.digest,
    ...(call.to === MODEL_CALL && isJsonObject(output) ? modelFacts(output) : {}),
  };
}

function modelFacts(output: JsonObject): JsonObject {
  const { model, usage, finish_reason: reason } = output;
  return {
    ...(typeof model === 'string' ? { model } : {}),
    ...(isJsonObject(usage) ? { usage } : {}),
    ...(typeof reason === 'string' ? { finish_reason: reason } : {}),
  };
}

export function hidden(text: string, chain: Chain | undefined): string {
  return chain === undefined ? text : chain.text(text);
}
