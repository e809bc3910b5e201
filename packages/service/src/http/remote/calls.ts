// Calls of other hosts under way here: each in its file's sandbox, stopped when its host wants no answer any more.
import { type JsonObject, type Limits, PypesError } from '@pypes/contract';
import { type RemoteKey, type RemoteRun, smallerLimits, toRemoteError } from '@pypes/contract/remote';
import { createAsker } from './ask.ts';
import { createRemoteContext, type RemoteContext } from './context.ts';
import type { RemoteFiles } from './files.ts';
import { createNotes } from './notes.ts';

export type RemoteCallsParts = {
  readonly files: RemoteFiles;
  readonly key: RemoteKey;
  readonly limits: Limits;
  readonly fetch: (address: string, init: RequestInit) => Promise<Response>;
  readonly now: () => number;
  readonly newId: () => string;
  readonly flushMs: number;
};

export interface RemoteCalls {
  /**
   * The answer of an agent, or its failure, with what of its log was not told before.
   *
   * @throws PypesError what is wrong with the request
   */
  run(call: RemoteRun, signal: AbortSignal): Promise<JsonObject>;
  /** False where no such call is under way. */
  stop(id: string): boolean;
  close(): void;
}

export function createRemoteCalls({ files, limits, flushMs, ...parts }: RemoteCallsParts): RemoteCalls {
  const underWay = new Map<string, RemoteContext>();

  function open(call: RemoteRun, both: Limits): RemoteContext {
    const asker =
      call.callback === undefined
        ? undefined
        : createAsker({ ...parts, callback: call.callback, limits: both, onGone: (error) => context.stop(error) });
    const notes = createNotes({ limits: both, flushMs, ...(asker === undefined ? {} : { send: asker.tell }) });
    const context = createRemoteContext(call, { notes, ...(asker === undefined ? {} : { ask: asker.ask }) });
    return context;
  }

  return {
    async run(call, signal) {
      const { callId } = call;
      if (underWay.has(callId)) throw new PypesError('conflict', 'A call of this id is under way');
      const both = smallerLimits(limits, call.limits);
      const file = await files.open(call.file, call.limits);
      if (file === 'unknown') return { status: file };
      const agent = file.agents[call.agent];
      if (agent === undefined || underWay.has(callId)) {
        file.release();
        throw agent === undefined
          ? new PypesError('unknown_agent', `"${call.file.path}" has no agent ${call.agent}`)
          : new PypesError('conflict', 'A call of this id is under way');
      }
      const context = open(call, both);
      underWay.set(callId, context);
      const gone = () => context.stop(new PypesError('canceled', 'The host of the call does not wait for it any more'));
      signal.addEventListener('abort', gone);
      if (signal.aborted) gone();
      const timer = setTimeout(() => context.stop(overdue(both.callMs)), both.callMs);
      try {
        const output = await agent.run(context, call.args);
        return { status: 'ok', output, ...(await context.end()) };
      } catch (error) {
        return { status: 'failed', error: toRemoteError(error), ...(await context.end()) };
      } finally {
        clearTimeout(timer);
        signal.removeEventListener('abort', gone);
        underWay.delete(callId);
        file.release();
      }
    },
    stop(id) {
      const context = underWay.get(id);
      context?.stop(new PypesError('canceled', 'The host of the call has stopped it'));
      return context !== undefined;
    },
    close() {
      for (const context of underWay.values()) {
        context.stop(new PypesError('unavailable', 'The endpoint that ran the call is closing'));
      }
    },
  };
}

function overdue(ms: number): PypesError {
  return new PypesError('timeout', `The call took more than ${ms} ms`, { details: { limit: 'call_ms', maximum: ms } });
}
