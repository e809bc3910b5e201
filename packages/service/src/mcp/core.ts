// What every way to speak MCP with a host shares: the catalogs, the tasks, and what the operator set.
import type { ApprovalStore, JsonObject } from '@pypes/contract';
import type { CallEvent, Host } from '@pypes/host';
import { createStateSeal, type StateSeal } from './call/state.ts';
import { type Catalogs, createCatalogs } from './catalog/catalogs.ts';
import { serverMeta } from './server-info.ts';
import { createTasks, type TaskLimits, type Tasks } from './tasks/tasks.ts';

/** What is reported: one flat object a line. */
export type McpLog = (entry: {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly event: string;
  readonly [key: string]: string | number;
}) => void;

/** How MCP is served. */
export type McpOptions = {
  readonly version: string;
  readonly approvals?: ApprovalStore;
  readonly log?: McpLog;
  /** What agents log and report, for those calls whose client hears it too. */
  readonly onEvent?: (event: CallEvent) => void;
  /** From this many tools on, clients are given a search instead of the list. Default 128. */
  readonly mostListed?: number;
  /** From then on a call is a task, for clients that know tasks. Default 10 seconds. */
  readonly taskAfterMs?: number;
  readonly tasks?: Partial<TaskLimits>;
  /** What states are sealed with: 32 bytes or more. Default: random for this process. */
  readonly stateKey?: Uint8Array;
  /** Resolves when the requests that arrived together have all been read: their calls run one after another then. */
  readonly gather?: () => Promise<void>;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
  /** 32 random bytes as text; sessions and tasks are known by them alone. */
  readonly newSecret?: () => string;
};

/** What the parts of MCP stand on. */
export type McpCore = {
  readonly host: Host;
  readonly version: string;
  /** What answers in 2026-07-28 say of the server. */
  readonly meta: JsonObject;
  readonly approvals: ApprovalStore | undefined;
  readonly catalogs: Catalogs;
  readonly tasks: Tasks;
  readonly seal: StateSeal;
  readonly log: McpLog;
  readonly onEvent: ((event: CallEvent) => void) | undefined;
  readonly mostListed: number;
  readonly taskAfterMs: number;
  readonly gather: (() => Promise<void>) | undefined;
  readonly now: () => number;
  readonly newSecret: () => string;
};

const MOST_LISTED = 128;
const TASK_AFTER_MS = 10_000;
const KEY_BYTES = 32;

/** The core over a host. */
export function createMcpCore(host: Host, options: McpOptions): McpCore {
  const log = options.log ?? (() => undefined);
  const now = options.now ?? Date.now;
  const newSecret = options.newSecret ?? randomSecret;
  return {
    host,
    version: options.version,
    meta: serverMeta(options.version),
    approvals: options.approvals,
    catalogs: createCatalogs(host, (agent, wrong) =>
      log({ level: 'warn', event: 'mcp.option_ignored', agent, options: wrong.join(', ') }),
    ),
    tasks: createTasks({ now, newSecret, ...(options.tasks === undefined ? {} : { limits: options.tasks }) }),
    seal: createStateSeal(options.stateKey ?? crypto.getRandomValues(new Uint8Array(KEY_BYTES))),
    log,
    onEvent: options.onEvent,
    mostListed: options.mostListed ?? MOST_LISTED,
    taskAfterMs: options.taskAfterMs ?? TASK_AFTER_MS,
    gather: options.gather,
    now,
    newSecret,
  };
}

function randomSecret(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(KEY_BYTES));
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
}
