// Makes the context of one call: each of its members goes back into the host, through the guard.
import {
  type Json,
  type JsonObject,
  type Label,
  type Limits,
  type MemoryStore,
  type Next,
  toPypesError,
} from '@pypes/contract';
import { Trail } from '@pypes/guard';
import type { Capabilities } from '../capabilities/capabilities.ts';
import { type CallMemory, createCallMemory } from '../memory/call-memory.ts';
import type { Locks } from '../memory/locks.ts';
import type { Pack } from '../packs/pack.ts';
import type { AgentCall, CapabilityCall, Frame } from './call.ts';
import { CallContext } from './call-context.ts';
import { createCallLog } from './call-log.ts';
import { tooDeep } from './refusals.ts';
import type { Route, Within } from './within.ts';

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

/** The context of `call`. `openFlow` is called before the agent reads anything through it. */
export function createContext(call: AgentCall, makers: ContextMakers, openFlow: () => void): CallContext {
  const { entry, pack, frame, userGuid } = call;
  const { limits, now } = makers;
  const { chain, onEvent: emit } = frame;
  const about = { run_id: call.run, pack_guid: pack.guid, agent: entry.name };
  const scope = {
    packGuid: pack.guid,
    ...(userGuid === undefined ? {} : { userGuid }),
    ...(frame.tenant === undefined ? {} : { tenant: frame.tenant }),
  };
  let memory: CallMemory | undefined;

  function memoryOf(context: CallContext): CallMemory {
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

  /** A call inside a composition goes where it is wired to. What is refused is decided on, and recorded, as calls are. */
  async function follow(within: Within, name: string, args: JsonObject, nested: Frame): Promise<Json> {
    let route: Route;
    try {
      route = within.route(name, args);
    } catch (error) {
      const trail = new Trail();
      trail.note({ policy: 'wiring', decision: 'deny', reason: toPypesError(error).message });
      const refused: CapabilityCall = {
        kind: 'capability',
        from: entry.name,
        to: name,
        ...scope,
        args,
        labels: NO_LABELS,
        run: call.run,
        root: call.root ?? call.run,
        trail,
        context: call.run,
        ...(frame.around === undefined ? {} : { around: frame.around }),
        chain,
        perform: () => Promise.reject(error),
      };
      return (await makers.guard(refused)).output;
    }
    const to = { ...nested, within: route.within };
    return makers.enter(route.pack, route.agent, route.args, entry.name, userGuid, to);
  }

  return new CallContext({
    agent: entry.name,
    ...scope,
    runId: call.run,
    ...(call.root === undefined ? {} : { rootRunId: call.root }),
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
      openFlow();
      if (frame.depth >= limits.callDepth) throw tooDeep(agent, limits.callDepth);
      const nested: Frame = {
        ...frame,
        depth: frame.depth + 1,
        root: call.root ?? call.run,
        context: call.run,
        signal: context.signal,
      };
      if (frame.within !== undefined) return follow(frame.within, agent, args, nested);
      return makers.enter(pack, agent, args, entry.name, userGuid, nested);
    },
    use: async (context, operation, parameters) => {
      openFlow();
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
        context: call.run,
        ...(frame.within === undefined ? {} : { within: frame.within }),
        ...(frame.around === undefined ? {} : { around: frame.around }),
        chain,
        perform: (args, labels) =>
          makers.capabilities.perform({
            ...parts,
            parameters: args,
            labels,
            ...(frame.within === undefined ? {} : { narrow: frame.within.permissions }),
            memory: memoryOf(context),
            sockets: context.sockets,
            signal: () => context.signal,
          }),
      };
      return (await makers.guard(use)).output;
    },
  });
}
