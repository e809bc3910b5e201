// The MCP door of this machine's service, loaded with the first client that knocks.
import type { CallEvent } from '@pypes/host';
import type { ServiceAuth } from '../http/auth.ts';
import type { LogEntry } from '../http/log.ts';
import type { McpDoor } from '../mcp/index.ts';
import type { NodeHost } from './node-host.ts';

/** What the door needs to know. */
export type McpDoorOfNode = {
  readonly version: string;
  readonly auth?: ServiceAuth;
  readonly log: (entry: LogEntry) => void;
  readonly onEvent?: (event: CallEvent) => void;
  readonly gather?: () => Promise<void>;
};

/** The door over a host. */
export function openMcpDoor(host: NodeHost, options: McpDoorOfNode): McpDoor {
  let opening: Promise<McpDoor> | undefined;
  let opened: McpDoor | undefined;

  async function open(): Promise<McpDoor> {
    const { createMcpDoor } = await import('../mcp/index.ts');
    opened = createMcpDoor(host, { ...options, approvals: host.approvals });
    return opened;
  }

  return {
    async fetch(request) {
      opening ??= open();
      return (await opening).fetch(request);
    },
    answer: (request) => opened?.answer(request) ?? NOT_YET,
    async close() {
      await (await opening)?.close();
    },
  };
}

const NOT_YET = Promise.resolve(undefined);
