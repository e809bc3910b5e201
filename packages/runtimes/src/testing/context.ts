// A whole AgentContext for tests: in memory, with a record of all that the agent did.
import {
  type AgentContext,
  type CapabilityOperation,
  type Json,
  type JsonObject,
  type LogLevel,
  PypesError,
} from '@pypes/contract';
import { createTestDocuments, createTestMemory, type TestDocuments } from './memory.ts';

export type TestLog = { readonly level: LogLevel; readonly message: string; readonly data?: Json };
export type TestProgress = { readonly fraction: number; readonly message?: string };

/** Answers `context.call`; `context` is the one that the called agent would get. */
export type TestCallHandler = (agent: string, args: JsonObject, context: TestContext) => Json | Promise<Json>;

/** Answers `context.use` for whatever is not memory. */
export type TestUseHandler = (operation: CapabilityOperation, parameters: JsonObject) => Json | Promise<Json>;

export type TestContextOptions = {
  readonly agent?: string;
  readonly packGuid?: string;
  readonly userGuid?: string;
  readonly tenant?: string;
  readonly runId?: string;
  readonly rootRunId?: string;
  readonly signal?: AbortSignal;
  readonly onCall?: TestCallHandler;
  readonly onUse?: TestUseHandler;
  /** Shared between contexts that have to see each other's memory. */
  readonly documents?: TestDocuments;
};

export interface TestContext extends AgentContext {
  readonly logs: readonly TestLog[];
  readonly progresses: readonly TestProgress[];
  /** Stops the call, as a host does at its limit. */
  abort(reason?: unknown): void;
  /** Ends the call: gives back a memory document that it took out. */
  end(): void;
}

/**
 * The context of one call.
 *
 * @example
 * const context = createTestContext({ userGuid: 'ann' });
 * await agent.run(context, { text: 'hi' });
 * context.logs; // [{ level: 'info', message: 'hi' }]
 */
export function createTestContext(options: TestContextOptions = {}): TestContext {
  return createInChain(options, {});
}

let runs = 0;

function createInChain(options: TestContextOptions, chain: object): TestContext {
  const controller = new AbortController();
  const documents = options.documents ?? createTestDocuments();
  const packGuid = options.packGuid ?? 'b0e0c1d2-0000-4000-8000-000000000001';
  const { userGuid, tenant } = options;
  const signal =
    options.signal === undefined ? controller.signal : AbortSignal.any([options.signal, controller.signal]);
  const logs: TestLog[] = [];
  const progresses: TestProgress[] = [];
  return {
    agent: options.agent ?? 'test',
    packGuid,
    ...(userGuid === undefined ? {} : { userGuid }),
    ...(tenant === undefined ? {} : { tenant }),
    runId: options.runId ?? `run-${++runs}`,
    ...(options.rootRunId === undefined ? {} : { rootRunId: options.rootRunId }),
    signal,
    get stopped() {
      return signal.aborted;
    },
    onStop(listener) {
      if (signal.aborted) listener();
      else signal.addEventListener('abort', listener, { once: true });
      return () => signal.removeEventListener('abort', listener);
    },
    log: (level, message, data) => void logs.push(data === undefined ? { level, message } : { level, message, data }),
    progress: (fraction, message) => void progresses.push(message === undefined ? { fraction } : { fraction, message }),
    memory: createTestMemory(documents, JSON.stringify([tenant ?? null, packGuid, userGuid ?? null]), chain),
    async call(agent, args) {
      if (options.onCall === undefined)
        throw new PypesError('unknown_agent', `There is no agent "${agent}" in this test`);
      return options.onCall(agent, args, createInChain({ ...options, agent, documents }, chain));
    },
    async use(operation, parameters) {
      if (options.onUse === undefined) throw new PypesError('policy_denied', `This test was not granted ${operation}`);
      return options.onUse(operation, parameters);
    },
    logs,
    progresses,
    abort: (reason) => controller.abort(reason),
    end: () => documents.unlock(chain),
  };
}
