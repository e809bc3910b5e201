// One version of a file in the host's own isolate: loaded at its first call, ended with its last holder.
import { type AgentContext, isPypesError, type Json, type JsonObject, type PypesError } from '@pypes/contract';
import { toAbortError } from '../abort.ts';
import { ownerOf } from '../owner.ts';
import type { GuestLanguage, LoadedGuest } from '../threads/guest/language.ts';
import { createRequests } from '../threads/guest/requests.ts';
import { toFailureError } from '../threads/pool/errors.ts';
import type { AgentSource } from '../threads/wire/messages.ts';
import type { createAdmission } from './admission.ts';
import { createInlineCall, type InlineCall } from './call.ts';
import type { CreateInlineEngines, InlineEngines } from './engines.ts';

export type InlineFileParts = {
  readonly source: AgentSource;
  readonly language: GuestLanguage;
  readonly admission: ReturnType<typeof createAdmission>;
  readonly createEngines: CreateInlineEngines;
  /** Makes ready what the language needs besides the text: before the first call, and again after a failure. */
  readonly prepare?: (() => Promise<unknown>) | undefined;
};

export type InlineFile = ReturnType<typeof createInlineFile>;

export function createInlineFile({ source, language, admission, createEngines, prepare }: InlineFileParts) {
  const calls = new Map<number, InlineCall>();
  const requests = createRequests((kind, id, text) => calls.get(id)?.tell(kind, id, text));
  const engines: InlineEngines<never>[] = [];
  let last = 0;
  let loading: Promise<LoadedGuest> | undefined;
  let guest: LoadedGuest | undefined;

  async function load(): Promise<LoadedGuest> {
    loading ??= open();
    try {
      guest = await loading;
      return guest;
    } catch (error) {
      loading = undefined;
      if (isPypesError(error)) throw error;
      throw toFailureError(JSON.stringify({ ...language.toFailure(error, source), code: 'agent_broken' }), source.path);
    }
  }

  async function open(): Promise<LoadedGuest> {
    const prepared = prepare === undefined ? source : { ...source, attachment: await prepare() };
    return language.load(prepared, {
      requests,
      stopRequested: ({ id }) => calls.get(id)?.mustStop() ?? true,
      onStop: ({ id }, listener) => calls.get(id)?.onStop(listener),
      createEngines(create) {
        const made = createEngines(create);
        engines.push(made as unknown as InlineEngines<never>);
        return made;
      },
    });
  }

  function start(loaded: LoadedGuest, call: InlineCall, context: AgentContext, args: JsonObject): void {
    const { userGuid = null, packGuid, runId, agent } = context;
    const owner = ownerOf(context);
    try {
      const result = loaded.run({ call: call.guest, userGuid, packGuid, runId, agent, args, owner });
      if (result instanceof Promise) result.then(call.succeed, call.fail);
      else call.succeed(result);
    } catch (error) {
      call.fail(error);
    }
  }

  async function startLate(
    turn: Promise<void> | undefined,
    call: InlineCall,
    context: AgentContext,
    args: JsonObject,
  ): Promise<void> {
    await turn;
    if (call.guest.ended) return;
    try {
      const loaded = guest ?? (await load());
      if (!call.guest.ended) start(loaded, call, context, args);
    } catch (error) {
      call.stop(error as PypesError);
    }
  }

  return {
    /** How many loaded agents hold on to this version. */
    holders: 0,
    /** AGENT, as running the file tells it. */
    async describe(): Promise<Json> {
      const { agentText } = guest ?? (await load());
      return JSON.parse(agentText) as Json;
    },
    /** Runs one call; see LoadedAgent.run. */
    async run(context: AgentContext, args: JsonObject): Promise<Json> {
      if (context.stopped) throw toAbortError(context.signal);
      const run = context.rootRunId ?? context.runId;
      const turn = admission.enter(run);
      const call = createInlineCall({
        id: ++last,
        context,
        args,
        source,
        toFailure: language.toFailure,
        settle: requests.settle,
      });
      calls.set(last, call);
      const { id } = call.guest;
      if (turn === undefined && guest !== undefined) start(guest, call, context, args);
      else void startLate(turn, call, context, args);
      try {
        return await call.result;
      } finally {
        calls.delete(id);
        // A call that was stopped while it waited for its turn still gets it, and gives it on.
        if (turn === undefined) admission.leave(run);
        else void turn.then(() => admission.leave(run));
      }
    },
    /** No call comes any more. */
    close(): void {
      for (const made of engines) made.close();
    },
    /** Ends the calls in flight. */
    abort(error: PypesError): void {
      for (const call of calls.values()) call.stop(error);
    },
  };
}
