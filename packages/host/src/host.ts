// The host: agents in packs, called through the guard. A library without a web framework.
import {
  type AgentFolder,
  type Call,
  DEFAULT_LIMITS,
  type Json,
  type Limits,
  type MemoryStore,
  type PackStore,
  type PackTrust,
  type Policy,
  PypesError,
  type Runtime,
  type SchemaCompiler,
} from '@pypes/contract';
import { type CalleeLabels, type Contexts, createContexts } from '@pypes/guard';
import { type Admission, admit } from './calls/admit.ts';
import { labelsOfCallee } from './calls/callee-labels.ts';
import { type CallRequest, createCaller, type HostAudit } from './calls/caller.ts';
import type { CallEvent } from './calls/events.ts';
import type { HostRecording } from './calls/record-around.ts';
import { type AiDoor, createAiDoor } from './capabilities/ai-door.ts';
import { type CapabilityDrivers, createCapabilities } from './capabilities/capabilities.ts';
import { type PackPermissions, permissionsOf } from './capabilities/permissions-of.ts';
import type { Pack } from './packs/pack.ts';
import { createPackRegistry, type PackRegistry } from './packs/registry.ts';
import { toPackTrust } from './packs/trust.ts';

/** What a host is made of. */
export type HostOptions = {
  readonly runtimes: readonly Runtime[];
  readonly schemas: SchemaCompiler;
  readonly packs: PackStore;
  readonly memory: MemoryStore;
  /** Operators' folders: trusted, listed, and never changed over the wire. */
  readonly folders?: readonly AgentFolder[];
  /** What stands behind `context`: a driver that is left out refuses its operations. */
  readonly capabilities?: CapabilityDrivers;
  /** Deployed packs run with the full power of their language. Off unless the operator says so. */
  readonly trustDeployed?: boolean;
  /** Further policies, between the built-in ones and the agents; those over labels get what the host knows. */
  readonly policies?: readonly Policy[] | ((flow: HostFlow) => readonly Policy[]);
  readonly limits?: Partial<Limits>;
  /** Where every decision of the guard is written down: one record for each. */
  readonly audit?: HostAudit;
  /** Where calls are recorded, for replays under other policies; absent: nowhere. */
  readonly recording?: HostRecording;
  /** What agents log and report, unless a call has a listener of its own. */
  readonly onEvent?: (event: CallEvent) => void;
  readonly newId?: () => string;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
};

/** What policies over labels need to know. */
export type HostFlow = { readonly contexts: Contexts; readonly about: (call: Call) => CalleeLabels | undefined };

/** A running host. */
export interface Host extends Omit<PackRegistry, 'close'> {
  readonly limits: Limits;
  readonly runtimes: readonly Runtime[];
  /** The AI gateway behind the guard; absent where there is none. */
  readonly ai?: AiDoor;
  /** How many calls are in flight. */
  readonly inFlight: number;
  /** Calls an agent of a pack. @throws PypesError `not_found`, `unknown_agent`, and what the guard and the agent say */
  call(pack: string | Pack, request: CallRequest): Promise<Json>;
  /** Lets the guard decide on the start of something that makes calls of its own, a blueprint's run. @throws PypesError */
  admit(start: Admission): Promise<void>;
  /** What a pack may do at this moment, and why. */
  permissions(pack: Pack): Promise<PackPermissions>;
  /** The same, as it is shown. */
  trust(pack: Pack): Promise<PackTrust>;
  /** Lets calls in flight finish for `graceMs`, then ends every runtime. New calls are refused with `unavailable`. */
  close(graceMs?: number): Promise<void>;
}

const POLL_MS = 5;

/**
 * Creates a host.
 *
 * @example
 * const host = createHost({ runtimes: [createLispyRuntime()], schemas, packs, memory });
 * const { packGuid } = await host.deploy(bundle);
 * await host.call(packGuid, { agent: 'echo', args: { text: 'hi' } });
 */
export function createHost(options: HostOptions): Host {
  const limits: Limits = { ...DEFAULT_LIMITS, ...options.limits };
  const newId = options.newId ?? (() => crypto.randomUUID());
  const now = options.now ?? Date.now;
  const registry = createPackRegistry({
    store: options.packs,
    forget: async (guid) => {
      const { grants, objects } = options.capabilities ?? {};
      await Promise.all([options.memory.removePack(guid), objects?.removePack(guid), grants?.remove(guid)]);
    },
    folders: options.folders ?? [],
    runtimes: options.runtimes,
    schemas: options.schemas,
    limits,
    trustDeployed: options.trustDeployed ?? false,
    newId,
    now,
  });
  const capabilities = createCapabilities(options.capabilities ?? {});
  const flow: HostFlow = { contexts: createContexts(), about: labelsOfCallee };
  const caller = createCaller({
    limits,
    memory: options.memory,
    capabilities,
    policies: typeof options.policies === 'function' ? options.policies(flow) : (options.policies ?? []),
    ...flow,
    audit: options.audit ?? { write: () => undefined },
    ...(options.recording === undefined ? {} : { recording: options.recording }),
    onEvent: options.onEvent ?? (() => undefined),
    resolve: registry.get,
    newId,
    now,
  });
  const permissions = (pack: Pack) => permissionsOf(pack, options.capabilities?.grants);
  let closing = false;

  async function callByName(name: string, request: CallRequest): Promise<Json> {
    const pack = await registry.get(name);
    if (pack === undefined) throw new PypesError('not_found', `unknown pack: ${name}`);
    return caller.call(pack, request);
  }

  const gateway = options.capabilities?.aiDoor;

  return {
    ...(gateway === undefined ? {} : { ai: createAiDoor(gateway, caller, newId) }),
    limits,
    runtimes: options.runtimes,
    get: registry.get,
    list: registry.list,
    deploy: registry.deploy,
    bundle: registry.bundle,
    remove: registry.remove,
    permissions,
    trust: async (pack) => toPackTrust(pack, await permissions(pack)),
    get inFlight() {
      return caller.inFlight;
    },
    call(target, request) {
      if (closing) return Promise.reject(closingError());
      return typeof target === 'string' ? callByName(target, request) : caller.call(target, request);
    },
    async admit(start) {
      if (closing) throw closingError();
      await admit(caller, start);
    },
    async close(graceMs = 10_000) {
      closing = true;
      const end = performance.now() + graceMs;
      while (caller.inFlight > 0 && performance.now() < end) await new Promise((done) => setTimeout(done, POLL_MS));
      registry.close();
      await Promise.all([...options.runtimes.map((runtime) => runtime.close()), capabilities.close()]);
    },
  };
}

function closingError(): PypesError {
  return new PypesError('unavailable', 'The host is shutting down; try again in a moment');
}
