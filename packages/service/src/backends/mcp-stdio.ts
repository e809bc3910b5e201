// MCP over standard input and output: one client, which started this process, and one host.
import { Writable } from 'node:stream';
import { StdioServerTransport, serveStdio } from '@modelcontextprotocol/server/stdio';
import type { LogEntry } from '../http/log.ts';
import { createChangeWatch } from '../mcp/changes.ts';
import { createMcpCore, createMcpServer, type McpCaller } from '../mcp/index.ts';
import type { ListMode } from '../mcp/server/lists.ts';
import type { NodeHost } from './node-host.ts';

/** How to serve. */
export type McpStdioOptions = {
  readonly version: string;
  readonly log: (entry: LogEntry) => void;
  /** Whose memory agents see. */
  readonly userGuid?: string;
  /** How tools are listed; default: by search where there are many. */
  readonly mode?: ListMode;
};

const OWNER = 'stdio';

/**
 * Serves until the client has gone. Standard output is the protocol's alone: whatever else would be written there, by
 * this process or a guest in one of its threads, goes to standard error.
 */
export async function serveMcpStdio(host: NodeHost, options: McpStdioOptions): Promise<void> {
  const out = takeStandardOutput();
  const { log, version, userGuid, mode = 'auto' } = options;
  const core = createMcpCore(host, { version, log, approvals: host.approvals });
  const watch = createChangeWatch(core);
  // Whoever started this process has all that this account has.
  const caller: McpCaller = {
    scope: OWNER,
    operator: true,
    mayUse: () => true,
    ...(userGuid === undefined ? {} : { userGuid }),
  };
  const gone = Promise.withResolvers<void>();
  process.stdin.once('end', gone.resolve);
  process.stdin.once('close', gone.resolve);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => gone.resolve());
  const handle = serveStdio(
    ({ era }) => {
      const followed = new Set<string>();
      const called = () => watch.poke(OWNER);
      const server = createMcpServer(core, { caller, owner: OWNER, era, mode, followed, called });
      const unfollow = watch.follow(caller, ({ tools, prompts, resources, updated }) => {
        const sent: Promise<void>[] = [];
        if (tools) sent.push(server.sendToolListChanged());
        if (prompts) sent.push(server.sendPromptListChanged());
        if (resources) sent.push(server.sendResourceListChanged());
        for (const uri of updated)
          if (era === 'modern' || followed.has(uri)) sent.push(server.sendResourceUpdated({ uri }));
        // A client that is gone hears nothing more.
        for (const one of sent) one.catch(() => undefined);
      });
      server.onclose = unfollow;
      return server;
    },
    {
      transport: new StdioServerTransport(process.stdin, out, { maxBufferSize: host.limits.argumentBytes * 2 }),
      onerror: (error) => log({ level: 'debug', event: 'mcp.error', message: error.message }),
    },
  );
  await gone.promise;
  watch.close();
  core.tasks.end();
  await handle.close();
}

/** The real standard output, which from now on nobody else writes to. */
function takeStandardOutput(): Writable {
  const { stdout, stderr } = process;
  const write = stdout.write.bind(stdout);
  stdout.write = stderr.write.bind(stderr);
  return new Writable({
    write(chunk: Buffer, _encoding, done) {
      write(chunk, () => done());
    },
  });
}
