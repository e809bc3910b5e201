// One call at the other endpoint: sent with its arguments, asked about while it runs, stopped when nobody waits for it.
import { type AgentContext, type Json, type JsonObject, jsonSize, type Limits, PypesError } from '@pypes/contract';
import { mostRunBytes, parseRemoteAnswer, type RemoteAnswer, toWireLimits } from '@pypes/contract/remote';
import { toAbortError } from '../abort.ts';
import { readAnswer, toError } from './answer.ts';
import { toCallId } from './call-id.ts';
import type { RemoteCalls } from './calls.ts';
import type { RemoteClient } from './client.ts';
import type { RemoteSource } from './source.ts';

export type RemoteRunParts = {
  readonly client: RemoteClient;
  readonly calls: RemoteCalls;
  readonly newId: () => string;
  readonly callback: () => string | undefined;
  /** Aborted with the reason when the runtime is closed. */
  readonly closing: AbortSignal;
};

export type RemoteRun = {
  readonly source: RemoteSource;
  /** Which of the file's agents. */
  readonly agent: number;
  readonly limits: Limits;
  readonly context: AgentContext;
  readonly args: JsonObject;
};

const STOP_MS = 5_000;
/** After its own limit the other side has so long to say so. */
const GRACE_MS = 5_000;

/** @throws PypesError what the agent fails with, as if it had run here; `unavailable`, `timeout`, `canceled` */
export async function runRemotely(
  run: RemoteRun,
  { client, calls, newId, callback, closing }: RemoteRunParts,
): Promise<Json> {
  const { context, limits } = run;
  if (context.stopped) throw toAbortError(context.signal);
  if (closing.aborted) throw closing.reason;
  const id = toCallId(context.packGuid, newId());
  const call = calls.open(id, context, limits);
  const aborting = new AbortController();
  const stop = () => {
    aborting.abort();
    // Whatever its guest asks from now on is answered with that there is no such call.
    call.close();
    // Not every platform tells the other side that nobody listens any more.
    client.post('stop', { call_id: id }, { most: 65_536, timeoutMs: STOP_MS }).catch(() => undefined);
  };
  const forget = context.onStop(stop);
  closing.addEventListener('abort', stop);
  try {
    const send = (withContents: boolean) =>
      sendRun(client, toBody(run, id, callback(), withContents), limits, aborting.signal);
    let answer = await send(false);
    // It forgot the file, or another instance of it answers.
    if (answer === 'unknown') answer = await send(true);
    if (answer === 'unknown') throw client.refuse('does not know a file that it was sent');
    call.note(answer.first, answer.notes);
    return outputOf(answer, limits);
  } catch (error) {
    if (context.stopped) throw toAbortError(context.signal);
    throw closing.aborted ? closing.reason : error;
  } finally {
    forget();
    closing.removeEventListener('abort', stop);
    call.close();
  }
}

async function sendRun(client: RemoteClient, body: JsonObject, limits: Limits, signal: AbortSignal) {
  const timeoutMs = limits.callMs + GRACE_MS;
  const said = await client.post('run', body, { most: mostRunBytes(limits), timeoutMs, signal });
  return readAnswer(client, () => parseRemoteAnswer(said));
}

function toBody(
  { source, agent, limits, context, args }: RemoteRun,
  id: string,
  callback: string | undefined,
  withContents: boolean,
): JsonObject {
  const { userGuid, tenant } = context;
  return {
    call_id: id,
    file: source.toWire(withContents),
    agent,
    args,
    context: {
      agent: context.agent,
      run_id: context.runId,
      ...(userGuid === undefined ? {} : { user_guid: userGuid }),
      ...(tenant === undefined ? {} : { tenant }),
    },
    limits: toWireLimits(limits),
    ...(callback === undefined ? {} : { callback: `${callback.replace(/\/+$/, '')}/${encodeURIComponent(id)}` }),
  };
}

function outputOf(answer: RemoteAnswer, { outputBytes }: Limits): Json {
  if ('error' in answer) throw toError(answer.error);
  if (jsonSize(answer.output) <= outputBytes) return answer.output;
  throw new PypesError('output_too_large', `The output has more than ${outputBytes} bytes`, {
    details: { limit: 'output_bytes', maximum: outputBytes },
  });
}
