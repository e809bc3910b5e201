// The one path of a call: find the agent, pass the guard, run it under its limits, give back what it took.
import {
  type Call,
  type Json,
  type JsonObject,
  type Label,
  type Limits,
  type MemoryStore,
  type Next,
  type Policy,
  PypesError,
  type Reply,
  toTenant,
} from '@pypes/contract';
import {
  type AuditRecord,
  allLabels,
  audit,
  type CalleeLabels,
  type Context,
  type Contexts,
  carryLabels,
  compose,
  dataBudget,
  joinLabels,
  markError,
  schema,
  Trail,
} from '@pypes/guard';
import type { AgentEntry } from '../agents/agent-entry.ts';
import type { Capabilities } from '../capabilities/capabilities.ts';
import { Chain } from '../capabilities/chain.ts';
import { Labelled } from '../capabilities/operation.ts';
import { createLocks } from '../memory/locks.ts';
import type { Pack } from '../packs/pack.ts';
import { aroundOf, type CallAround } from './around.ts';
import type { AgentCall, CapabilityCall, Frame } from './call.ts';
import type { CallContext } from './call-context.ts';
import { createContext } from './context-of.ts';
import { createDeadlines } from './deadlines.ts';
import type { CallEvent } from './events.ts';
import { hideSecrets } from './hide.ts';
import { checkImports } from './imports.ts';
import { type HostRecording, recordAround } from './record-around.ts';
import { timedOut, tooMany, unknownAgent } from './refusals.ts';
import { watch } from './watch.ts';
import type { Within } from './within.ts';

/** One call, as a door hands it in. */
export type CallRequest = {
  readonly agent: string;
  readonly args?: JsonObject;
  readonly userGuid?: string;
  /**
   * For whom the call is made, where a host serves several. It and all that it calls have memory, objects, secrets and
   * sessions of this tenant alone. Absent or empty: none. Letters, digits, `.`, `_` and `-`, at most 64.
   */
  readonly tenant?: string;
  /** Who calls: the name of the door. */
  readonly from?: string;
  /** Stops the call when it aborts. As a function it is asked for only when the call takes a while. */
  readonly signal?: AbortSignal | (() => AbortSignal);
  /** The id of a durable run that the call belongs to: approvals are for one of them. */
  readonly scope?: string;
  /** Its place in a composition, which holds the pack open. */
  readonly within?: Within;
  /** What watches and records it and all that it calls, for a durable run. */
  readonly around?: CallAround;
  /** Milliseconds; never more than the host's own limit. */
  readonly timeoutMs?: number;
  /** What the agent logs and how far it is, as it happens. */
  readonly onEvent?: (event: CallEvent) => void;
};

/** A log of decisions. A call is answered once its decisions have left the process, and refused while they cannot. */
export type HostAudit = {
  readonly write: (record: AuditRecord) => void;
  /** Undefined where nothing waits. @throws PypesError `unavailable` */
  readonly settled?: () => Promise<void> | undefined;
  /** @throws PypesError `unavailable` while nothing can be written */
  readonly check?: () => void;
};

/** What calls run on. */
export type CallerOptions = {
  readonly limits: Limits;
  readonly memory: MemoryStore;
  readonly capabilities: Capabilities;
  readonly policies: readonly Policy[];
  /** What has been read by whom: one context for each running agent. */
  readonly contexts: Contexts;
  readonly about: (call: Call) => CalleeLabels | undefined;
  readonly audit: HostAudit;
  readonly recording?: HostRecording;
  readonly onEvent: (event: CallEvent) => void;
  /** The pack that a guid means now. */
  readonly resolve: (guid: string) => Promise<Pack | undefined>;
  readonly newId: () => string;
  readonly now: () => number;
};

/** Runs calls. */
export interface Caller {
  call(pack: Pack, request: CallRequest): Promise<Json>;
  /** How many calls are in flight. */
  readonly inFlight: number;
  /** The one chain that every call passes. */
  readonly guard: Next;
  /** Does what begins a chain of calls: refused while decisions cannot be recorded, over when they have been. */
  recorded<T>(work: () => Promise<T>): Promise<T>;
}

const NO_LABELS: ReadonlySet<Label> = new Set();
const NO_ARGUMENTS: JsonObject = {};
/** What base64, or the escapes of JSON text, can make of bytes. */
const BASE64_GROWTH = 2;

/** The caller of a host. Every call, nested ones too, goes through the one guard that is composed here. */
export function createCaller(options: CallerOptions): Caller {
  const { limits } = options;
  const { contexts } = options;
  const locks = createLocks();
  const deadlines = createDeadlines();
  let inFlight = 0;
  let chains = 0;
  const mostCapabilityBytes = BASE64_GROWTH * Math.max(limits.objectBytes, limits.fetchBytes, limits.memoryBytes);

  const guard: Next = compose(
    [
      (call, next) => aroundOf(call)?.outer(call, next) ?? next(call),
      audit({ write: options.audit.write, now: options.now }),
      dataBudget({
        maxArgumentBytes: ({ kind }) => (kind === 'agent' ? limits.argumentBytes : mostCapabilityBytes),
        maxOutputBytes: ({ kind }) => (kind === 'agent' ? limits.outputBytes : mostCapabilityBytes),
      }),
      schema({ checksOf: (call) => (isAgentCall(call) ? call.entry.checks() : undefined) }),
      carryLabels({ about: options.about, contexts }),
      ...recordAround(options),
      (call, next) => withinOf(call)?.(call, next) ?? next(call),
      (call, next) => aroundOf(call)?.inner(call, next) ?? next(call),
    ],
    (call) => (isAgentCall(call) ? runWithImports(call) : perform(call as CapabilityCall)),
  );

  const makers = { ...options, locks, guard, enter };

  async function enter(
    pack: Pack,
    agent: string,
    args: JsonObject,
    from: string,
    userGuid: string | undefined,
    frame: Frame,
  ) {
    const found = pack.catalog.acquire(agent);
    const held = found instanceof Promise ? await found : found;
    if (held === undefined) throw await unknownAgent(pack, agent);
    const { entry, release } = held;
    const run = options.newId();
    try {
      const { within, scope, context, tenant } = frame;
      const call: { -readonly [K in keyof AgentCall]: AgentCall[K] } = {
        kind: 'agent',
        from,
        to: entry.name,
        packGuid: pack.guid,
        args,
        labels: within?.labels ?? NO_LABELS,
        run,
        root: frame.root ?? within?.root ?? run,
        trail: new Trail(),
        entry,
        pack,
        frame,
      };
      if (userGuid !== undefined) call.userGuid = userGuid;
      if (tenant !== undefined) call.tenant = tenant;
      if (within?.fields !== undefined) call.fields = within.fields;
      if (scope !== undefined) call.scope = scope;
      if (context !== undefined) call.context = context;
      return (await guard(call)).output;
    } finally {
      release();
    }
  }

  function runWithImports(call: AgentCall): Promise<Reply> {
    const { entry, pack } = call;
    const { imports } = entry.loaded;
    if (imports === undefined || imports.length === 0) return run(call);
    return checkImports(entry.name, imports, pack, options.capabilities, call.frame.within).then(() => run(call));
  }

  function run(call: AgentCall): Promise<Reply> {
    const { entry, frame } = call;
    const { chain } = frame;
    const labels = call.fields === undefined ? call.labels : joinLabels(call.labels, allLabels(call.fields));
    let flow: Context | undefined;
    // An agent that asks for nothing reads nothing but its arguments.
    const context = createContext(call, makers, () => {
      flow ??= contexts.open(call.run, { labels });
    });
    const releaseVersion = entry.version.hold();
    const unwatch = watch(frame, context, deadlines, () => timedOut(entry.name, frame.timeoutMs));
    const end = () => {
      unwatch();
      if (flow !== undefined) contexts.close(call.run);
      context.end();
      releaseVersion();
    };
    const guest = start(entry, context, call.args);
    return new Promise((resolve, reject) => {
      const fail = (error: unknown) => {
        const told = hideSecrets(error, chain);
        markError(told, flow?.labels ?? labels);
        reject(told);
      };
      context.onStop(() => fail(context.reason));
      guest.then(
        (output) => {
          const read = flow?.labels ?? labels;
          end();
          resolve({ output: chain.json(output), labels: read });
        },
        (error: unknown) => {
          end();
          fail(error);
        },
      );
    });
  }

  async function perform(call: CapabilityCall): Promise<Reply> {
    const labels = call.fields === undefined ? call.labels : joinLabels(call.labels, allLabels(call.fields));
    const made = await call.perform(call.args, labels).catch((error: unknown) => {
      markError(error, NO_LABELS);
      throw error;
    });
    return made instanceof Labelled
      ? { output: made.output, labels: NO_LABELS, fields: made.fields }
      : { output: made, labels: NO_LABELS };
  }

  /** A chain of calls stays on the version of the pack that it began with. */
  async function holdLater(guid: string) {
    for (;;) {
      const pack = await options.resolve(guid);
      if (pack === undefined) throw new PypesError('not_found', `unknown pack: ${guid}`);
      const held = holdNow(pack);
      if (held !== undefined) return held;
    }
  }

  async function recorded<T>(work: () => Promise<T>): Promise<T> {
    options.audit.check?.();
    try {
      return await work();
    } finally {
      await options.audit.settled?.();
    }
  }

  return {
    guard,
    recorded,
    get inFlight() {
      return inFlight;
    },
    async call(pack, request) {
      const tenant = toTenant(request.tenant);
      if (inFlight >= limits.concurrentCalls) throw tooMany(limits.concurrentCalls);
      inFlight += 1;
      let release: (() => void) | undefined;
      const chain = new Chain(String(++chains));
      try {
        const held =
          request.within === undefined ? (holdNow(pack) ?? (await holdLater(pack.guid))) : { pack, release: undefined };
        release = held.release;
        const { pack: now } = held;
        const frame: { -readonly [K in keyof Frame]: Frame[K] } = {
          chain,
          depth: 1,
          timeoutMs: Math.min(limits.callMs, request.timeoutMs ?? limits.callMs),
          onEvent: request.onEvent ?? options.onEvent,
        };
        if (request.signal !== undefined) frame.signal = request.signal;
        if (tenant !== undefined) frame.tenant = tenant;
        if (request.scope !== undefined) frame.scope = request.scope;
        if (request.within !== undefined) frame.within = request.within;
        if (request.around !== undefined) frame.around = request.around;
        options.audit.check?.();
        return await enter(
          now,
          request.agent,
          request.args ?? NO_ARGUMENTS,
          request.from ?? 'host',
          request.userGuid,
          frame,
        );
      } finally {
        chain.end();
        release?.();
        inFlight -= 1;
        const unsettled = options.audit.settled?.();
        if (unsettled !== undefined) await unsettled;
      }
    },
  };
}

function isAgentCall(call: Call): call is AgentCall {
  return call.kind === 'agent';
}

/** The innermost policy: that of the composition a call is part of. */
function withinOf(call: Call): Policy | undefined {
  return isAgentCall(call) ? call.frame.within?.call : (call as CapabilityCall).within?.use;
}

/** A runtime that fails before it returns a promise fails like any other. */
function start(entry: AgentEntry, context: CallContext, args: JsonObject): Promise<Json> {
  try {
    return entry.loaded.run(context, args);
  } catch (error) {
    return Promise.reject(error);
  }
}

function holdNow(pack: Pack): { readonly pack: Pack; readonly release: () => void } | undefined {
  const release = pack.catalog.hold();
  return release === undefined ? undefined : { pack, release };
}
