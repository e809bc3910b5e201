// Makes the context of one call: each of its members goes back into the host, through the guard.
import type { AgentMemory, Json, JsonObject, Label, Limits, MemoryStore, Next } from '@pypes/contract';
import { Trail } from '@pypes/guard';
import type { Capabilities } from '../capabilities/capabilities.ts';
import { createCallMemory } from '../memory/call-memory.ts';
import type { Locks } from '../memory/locks.ts';
import type { Pack } from '../packs/pack.ts';
import type { AgentCall, CapabilityCall, Frame } from './call.ts';
import { CallContext } from './call-context.ts';
import { createCallLog } from './call-log.ts';
import { tooDeep } from './refusals.ts';

/** What contexts are made from. */
export type ContextMakers = {
  readonly limits: Limits;
  readonly memory: MemoryStore;
  readonly capabilities: Capabilities;
  readonly locks: Locks;
  readonly guard: Next;
  readonly now: () => number;
  readonly enter: (
    pack: Pack,
    agent: string,
    args: JsonObject,
    from: string,
    userGuid: string | undefined,
    frame: Frame,
  ) => Promise<Json>;
};

const NO_LABELS: ReadonlySet<Label> = new Set();

/** The context of `call`. */
export function createContext(call: AgentCall, makers: ContextMakers): CallContext {
  const { entry, pack, frame, userGuid } = call;
  const { limits, now } = makers;
  const { chain, onEvent: emit } = frame;
  const about = { run_id: call.run, pack_guid: pack.guid, agent: entry.name };
  const scope = { packGuid: pack.guid, ...(userGuid === undefined ? {} : { userGuid }) };
  let memory: AgentMemory | undefined;

  function memoryOf(context: CallContext): AgentMemory {
    memory ??= createCallMemory({
      store: makers.memory,
      locks: makers.locks,
      scope,
      chain: chain.id,
      signal: () => context.signal,
      mostBytes: limits.memoryBytes,
      onEnd: (release) => context.onEnd(release),
    });
    return memory;
  }

  return new CallContext({
    agent: entry.name,
    ...scope,
    runId: call.run,
    limits,
    log: (context) =>
      createCallLog(
        limits,
        (line) => emit({ type: 'log', time: now(), ...about, ...chain.json(line) }),
        (error) => context.stop(error),
      ),
    onProgress: (fraction, message) =>
      emit({
        type: 'progress',
        time: now(),
        ...about,
        fraction,
        ...(message === undefined ? {} : { message: chain.text(message) }),
      }),
    call: (context, agent, args) => {
      if (frame.depth >= limits.callDepth) throw tooDeep(agent, limits.callDepth);
      const nested: Frame = { ...frame, depth: frame.depth + 1, root: call.root ?? call.run, signal: context.signal };
      return makers.enter(pack, agent, args, entry.name, userGuid, nested);
    },
    use: async (context, operation, parameters) => {
      const parts = { operation, pack, scope, agent: entry.name, runId: call.run, limits, chain };
      const use: CapabilityCall = {
        kind: 'capability',
        from: entry.name,
        to: `context.${operation}`,
        ...scope,
        args: parameters,
        labels: NO_LABELS,
        run: call.run,
        root: call.root ?? call.run,
        ...(call.scope === undefined ? {} : { scope: call.scope }),
        trail: new Trail(),
        perform: (args) =>
          makers.capabilities.perform({
            ...parts,
            parameters: args,
            memory: memoryOf(context),
            sockets: context.sockets,
            signal: () => context.signal,
          }),
      };
      return (await makers.guard(use)).output;
    },
  });
}
