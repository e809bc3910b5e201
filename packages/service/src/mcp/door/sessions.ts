// Sessions of clients that speak 2025-11-25: found by an unguessable id, and only by whoever began them.
import { type LoggingLevel, WebStandardStreamableHTTPServerTransport } from '@modelcontextprotocol/server';
import type { McpCaller } from '../caller.ts';
import { ownerOf } from '../caller.ts';
import type { Changes } from '../catalog/catalogs.ts';
import type { ChangeWatch } from '../changes.ts';
import type { McpCore } from '../core.ts';
import type { ListMode } from '../server/lists.ts';
import type { ProtocolServer } from '../server/protocol-server.ts';
import { createMcpServer } from '../server/server.ts';
import type { Cancellation } from './cancellation.ts';

/** One client's session. */
export type Session = {
  readonly owner: string;
  readonly server: ProtocolServer;
  readonly transport: WebStandardStreamableHTTPServerTransport;
  readonly caller: { current: McpCaller };
  /** What calls that go past the SDK's server need to be canceled. */
  readonly calls: Map<string | number, Cancellation>;
  /** What the client set with logging/setLevel. */
  logLevel?: LoggingLevel;
  /** Tells the client of changes, until the returned function is called. */
  readonly follow: () => () => void;
  usedAt: number;
  /** Requests and streams that are open. */
  open: number;
};

/** The sessions of a door. */
export interface Sessions {
  find(caller: McpCaller, id: string): Session | undefined;
  /** A session that has no id before it is initialized; undefined where there are too many in use. */
  begin(caller: McpCaller, mode: ListMode): Promise<Session | undefined>;
  /** Ends a session that its first request did not make one. */
  settle(session: Session): void;
  close(): Promise<void>;
}

/** How many sessions there may be, and how long one waits for its client. */
export type SessionLimits = { readonly all: number; readonly idleMs: number };

const DEFAULTS: SessionLimits = { all: 512, idleMs: 30 * 60_000 };

/** Sessions over a core. */
export function createSessions(core: McpCore, watch: ChangeWatch, given: Partial<SessionLimits> = {}): Sessions {
  const limits = { ...DEFAULTS, ...given };
  const all = new Map<string, Session>();

  function end(id: string, session: Session): void {
    all.delete(id);
    core.tasks.end(taskOwner(session.owner, id));
    for (const call of session.calls.values()) call.cancel();
    void session.server.close().catch(() => undefined);
  }

  /** Idle ones go when their time is over; one that nobody uses makes room for a new one. */
  function makeRoom(): boolean {
    const now = core.now();
    let oldest: [string, Session] | undefined;
    for (const [id, session] of all) {
      if (session.open > 0 || session.calls.size > 0) continue;
      if (now - session.usedAt >= limits.idleMs) end(id, session);
      else if (oldest === undefined || session.usedAt < oldest[1].usedAt) oldest = [id, session];
    }
    if (all.size < limits.all) return true;
    if (oldest === undefined) return false;
    end(...oldest);
    return true;
  }

  return {
    find(caller, id) {
      const session = all.get(id);
      if (session === undefined || session.owner !== ownerOf(caller)) return undefined;
      session.usedAt = core.now();
      // A token that was taken back, or opens other packs now, counts from the next request on.
      session.caller.current = caller;
      return session;
    },
    async begin(caller, mode) {
      if (!makeRoom()) return undefined;
      const id = core.newSecret();
      const owner = ownerOf(caller);
      const current = { current: caller };
      const followed = new Set<string>();
      const live: McpCaller = {
        scope: caller.scope,
        operator: caller.operator,
        mayUse: (manifest) => current.current.mayUse(manifest),
        ...(caller.userGuid === undefined ? {} : { userGuid: caller.userGuid }),
      };
      const called = () => watch.poke(caller.scope);
      const server = createMcpServer(core, {
        caller: live,
        owner: taskOwner(owner, id),
        era: 'legacy',
        mode,
        followed,
        called,
      });
      const transport = new WebStandardStreamableHTTPServerTransport({
        sessionIdGenerator: () => id,
        maxRequestBodySize: core.host.limits.argumentBytes * 2,
        onsessioninitialized: () => {
          all.set(id, session);
        },
        onsessionclosed: () => end(id, session),
      });
      server.onclose = () => {
        if (all.get(id) === session) end(id, session);
      };
      server.onerror = (error) => core.log({ level: 'debug', event: 'mcp.session_error', message: error.message });
      const session: Session = {
        owner,
        server,
        transport,
        caller: current,
        calls: new Map(),
        follow: () => watch.follow(live, (changes) => void tell(server, changes, followed)),
        usedAt: core.now(),
        open: 0,
      };
      await server.connect(transport);
      return session;
    },
    settle(session) {
      const { sessionId } = session.transport;
      if (sessionId === undefined || all.get(sessionId) !== session) void session.server.close().catch(() => undefined);
    },
    async close() {
      for (const [id, session] of [...all]) end(id, session);
    },
  };
}

/** Tasks of a session are no other session's, whoever has both. */
export function taskOwner(owner: string, id: string): string {
  return `${owner} session ${id}`;
}

async function tell(server: ProtocolServer, changes: Changes, followed: ReadonlySet<string>): Promise<void> {
  try {
    if (changes.tools) await server.sendToolListChanged();
    if (changes.prompts) await server.sendPromptListChanged();
    if (changes.resources) await server.sendResourceListChanged();
    for (const uri of changes.updated) if (followed.has(uri)) await server.sendResourceUpdated({ uri });
  } catch {
    // A client that is gone hears nothing more.
  }
}
