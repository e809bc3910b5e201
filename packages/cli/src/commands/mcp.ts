// pypes mcp: folders of agents as an MCP server on standard input and output, for the client that starts it.
import { type LogLevel, PypesError, toGuid } from '@pypes/contract';
import type { Command } from 'commander';
import { parseWhole } from '../input.ts';
import { DEFAULT_ROOT, foldersOrDefault } from '../local.ts';
import { VERSION } from '../version.ts';

type McpCommandOptions = {
  readonly root: string;
  readonly user?: string;
  readonly tools: string;
  readonly policy?: string;
  readonly timeout?: string;
  readonly logLevel: string;
};

const LONGEST_CALL_MS = 86_400_000;
const LEVELS: readonly string[] = ['debug', 'info', 'warn', 'error'];

/** Adds the command. */
export function registerMcp(program: Command): void {
  program
    .command('mcp')
    .summary('serve agents to an MCP client over stdio')
    .description(
      'Serves the agents in FOLDERs to the MCP client that starts this command, until that client ends it. Logs go to standard error. Over HTTP, pypes serve does the same at /mcp; pypes connect writes the configuration of a client.',
    )
    .argument('[folder...]', 'folders of agent files (default: agents, else the current folder)')
    .option('--root <folder>', 'where packs, memory and the audit log are kept', DEFAULT_ROOT)
    .option('--user <guid>', 'whose memory agents see')
    .option('--tools <how>', 'auto, all, or search: how tools are listed', 'auto')
    .option('--policy <file>', 'policies of the guard (default: policy.toml below the root, where there is one)')
    .option('--timeout <ms>', 'time limit of a call in milliseconds (default: 60000)')
    .option('--log-level <level>', 'debug, info, warn or error', 'warn')
    .action(mcp);
}

async function mcp(named: readonly string[], options: McpCommandOptions): Promise<void> {
  const { tools, logLevel, user } = options;
  if (tools !== 'auto' && tools !== 'all' && tools !== 'search') {
    throw new PypesError('invalid_request', `--tools takes auto, all or search, got "${tools}"`);
  }
  if (!LEVELS.includes(logLevel)) {
    throw new PypesError('invalid_request', `--log-level takes ${LEVELS.join(', ')}, got "${logLevel}"`);
  }
  const userGuid = toGuid(user);
  if (user !== undefined && userGuid === undefined) {
    throw new PypesError('invalid_request', `--user takes a guid, got "${user}"`);
  }
  const { createLogger, createNodeHost } = await import('@pypes/service/node');
  const { serveMcpStdio } = await import('@pypes/service/mcp-stdio');
  const log = createLogger({ level: logLevel as LogLevel, readable: true });
  const host = createNodeHost({
    folders: foldersOrDefault(named),
    root: options.root,
    log,
    ...(options.policy === undefined ? {} : { policyFile: options.policy }),
    ...(options.timeout === undefined
      ? {}
      : { limits: { callMs: parseWhole(options.timeout, '--timeout', 1, LONGEST_CALL_MS) } }),
  });
  try {
    await host.ready;
    await serveMcpStdio(host, {
      version: VERSION,
      log,
      mode: tools,
      ...(userGuid === undefined ? {} : { userGuid }),
    });
  } finally {
    await host.close(0);
    log.flush();
  }
}
