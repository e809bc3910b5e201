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
import type { Operation } from '../capabilities/operation.ts';
import { type CallMemory, createCallMemory } from '../memory/call-memory.ts';
import type { Locks } from '../memory/locks.ts';
import type { Pack } from '../packs/pack.ts';
import type { AgentCall, CapabilityCall, Frame } from './call.ts';
import { CallContext, type CallContextParts } from './call-context.ts';
import { type CallLog, createCallLog } from './call-log.ts';
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
  return new CallContext(new Doings(call, makers, openFlow));
}

/** What one agent does while it is called. One object for each call, and nothing more until the agent does something. */
class Doings implements CallContextParts {
  readonly #call: AgentCall;
  readonly #makers: ContextMakers;
  readonly #openFlow: () => void;
  #memory: CallMemory | undefined;

  constructor(call: AgentCall, makers: ContextMakers, openFlow: () => void) {
    this.#call = call;
    this.#makers = makers;
    this.#openFlow = openFlow;
  }

  get agent(): string {
    return this.#call.entry.name;
  }

  get packGuid(): string {
    return this.#call.pack.guid;
  }

  get userGuid(): string | undefined {
    return this.#call.userGuid;
  }

  get tenant(): string | undefined {
    return this.#call.frame.tenant;
  }

  get runId(): string {
    return this.#call.run;
  }

  get rootRunId(): string | undefined {
    return this.#call.root;
  }

  get limits(): Limits {
    return this.#makers.limits;
  }

  log(context: CallContext): CallLog {
    const { frame } = this.#call;
    return createCallLog(
      this.limits,
      (line) => frame.onEvent({ type: 'log', ...this.#about(), ...frame.chain.json(line) }),
      (error) => context.stop(error),
    );
  }

  onProgress(fraction: number, message?: string): void {
    const { frame } = this.#call;
    frame.onEvent({
      type: 'progress',
      ...this.#about(),
      fraction,
      ...(message === undefined ? {} : { message: frame.chain.text(message) }),
    });
  }

  async call(context: CallContext, agent: string, args: JsonObject): Promise<Json> {
    const { frame, pack, run, userGuid } = this.#call;
    this.#openFlow();
    if (frame.depth >= this.limits.callDepth) throw tooDeep(agent, this.limits.callDepth);
    const nested: Frame = {
      ...frame,
      depth: frame.depth + 1,
      root: this.#root,
      context: run,
      signal: context.below,
    };
    if (frame.within !== undefined) return this.#follow(frame.within, agent, args, nested);
    return this.#makers.enter(pack, agent, args, this.agent, userGuid, nested);
  }

  async use(context: CallContext, operation: Operation, parameters: JsonObject): Promise<Json> {
    const { frame, pack, run, scope } = this.#call;
    const { limits, capabilities, guard } = this.#makers;
    this.#openFlow();
    const parts = { operation, pack, scope: this.#scope(), agent: this.agent, runId: run, limits, chain: frame.chain };
    const use: CapabilityCall = {
      ...this.#ask(`context.${operation}`, parameters),
      ...(scope === undefined ? {} : { scope }),
      ...(frame.within === undefined ? {} : { within: frame.within }),
      perform: (args, labels) =>
        capabilities.perform({
          ...parts,
          parameters: args,
          labels,
          ...(frame.within === undefined ? {} : { narrow: frame.within.permissions }),
          memory: this.#memoryOf(context),
          sockets: context.sockets,
          signal: () => context.signal,
        }),
    };
    return (await guard(use)).output;
  }

  /** A call inside a composition goes where it is wired to. What is refused is decided on, and recorded, as calls are. */
  async #follow(within: Within, name: string, args: JsonObject, nested: Frame): Promise<Json> {
    let route: Route;
    try {
      route = within.route(name, args);
    } catch (error) {
      const refused: CapabilityCall = { ...this.#ask(name, args), perform: () => Promise.reject(error) };
      refused.trail?.note({ policy: 'wiring', decision: 'deny', reason: toPypesError(error).message });
      return (await this.#makers.guard(refused)).output;
    }
    const to = { ...nested, within: route.within };
    return this.#makers.enter(route.pack, route.agent, route.args, this.agent, this.userGuid, to);
  }

  /** What the guard sees of a capability that the agent uses. */
  #ask(to: string, args: JsonObject): Omit<CapabilityCall, 'perform'> {
    const { frame, run } = this.#call;
    return {
      kind: 'capability',
      from: this.agent,
      to,
      ...this.#scope(),
      args,
      labels: NO_LABELS,
      run,
      root: this.#root,
      trail: new Trail(),
      context: run,
      ...(frame.around === undefined ? {} : { around: frame.around }),
      chain: frame.chain,
    };
  }

  /** The run of the outermost call. */
  get #root(): string {
    return this.#call.root ?? this.#call.run;
  }

  #about() {
    return { time: this.#makers.now(), run_id: this.runId, pack_guid: this.packGuid, agent: this.agent };
  }

  /** Whose memory, objects and secrets the call has. */
  #scope() {
    const { packGuid, userGuid, tenant } = this;
    return {
      packGuid,
      ...(userGuid === undefined ? {} : { userGuid }),
      ...(tenant === undefined ? {} : { tenant }),
    };
  }

  #memoryOf(context: CallContext): CallMemory {
    const { memory, locks, limits } = this.#makers;
    this.#memory ??= createCallMemory({
      store: memory,
      locks,
      scope: this.#scope(),
      chain: this.#call.frame.chain.id,
      signal: () => context.signal,
      mostBytes: limits.memoryBytes,
      onEnd: (release) => context.onEnd(release),
    });
    return this.#memory;
  }
}
