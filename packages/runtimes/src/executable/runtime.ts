// Executables as agents: arguments in on stdin, result out on stdout (spec 1); for files that the operator trusts.
import { dirname } from 'node:path';
import {
  type AgentContext,
  type AgentMetadata,
  isPypesError,
  type Json,
  type JsonObject,
  type Limits,
  type LoadedAgent,
  PypesError,
  parseAgentMetadata,
  type Runtime,
  type SourceFile,
} from '@pypes/contract';
import { toAbortError } from '../abort.ts';
import { createLineLog } from './line-log.ts';
import { toExitError, toJson } from './outcome.ts';
import { type Program, runProgram } from './program.ts';
import { createSlots, type Slots } from './slots.ts';

export type ExecutableOptions = {
  /** How many programs may run at once; further calls wait for a place. */
  readonly processes?: number;
};

const PROCESSES = 32;

/**
 * The runtime of files with the execute bit that no other runtime takes. `FILE --agent` prints AGENT; a call is one run
 * of the file, in a process group of its own. Nothing of `context` but its log reaches the program.
 *
 * @example
 * const runtime = createExecutableRuntime({ processes: 8 });
 * const [agent] = await runtime.load(file, DEFAULT_LIMITS);
 * await agent.run(context, { city: 'Oslo' });
 */
export function createExecutableRuntime(options: ExecutableOptions = {}): Runtime {
  const slots = createSlots(options.processes ?? PROCESSES);
  const closing = new AbortController();
  return {
    name: 'executable',
    extensions: [],
    capabilities: { sandboxed: false, interruptible: true, context: false },
    async load(file, limits) {
      const location = toLocation(file);
      const base = { location, path: file.path, limits, slots, closing: closing.signal };
      const metadata = await readMetadata(base);
      return [
        { metadata, run: (context, args) => call(base, context, args), close: async () => {} } satisfies LoadedAgent,
      ];
    },
    async close() {
      closing.abort(new PypesError('unavailable', 'The runtime of executables is closing'));
      await slots.drained();
    },
  };
}

type Base = {
  readonly location: string;
  readonly path: string;
  readonly limits: Limits;
  readonly slots: Slots;
  readonly closing: AbortSignal;
};

function toLocation({ location, path }: SourceFile): string {
  if (location !== undefined) return location;
  const text = `"${path}" is kept in a store; an executable runs only from a folder of this machine`;
  throw new PypesError('agent_broken', text, { details: { file: path } });
}

/** Whoever lists the folder waits for it: a script that knows no `--agent` may do whatever it does, as long as it likes. */
const LONGEST_DESCRIPTION_MS = 10_000;

async function readMetadata(base: Base): Promise<AgentMetadata> {
  const { path, limits } = base;
  const late = new AbortController();
  const most = Math.min(limits.callMs, LONGEST_DESCRIPTION_MS);
  const text = `"${path} --agent" has not ended within ${most} ms`;
  const timer = setTimeout(() => late.abort(new PypesError('agent_broken', text)), most);
  try {
    const program = { arguments: ['--agent'], input: '', environment: {}, onErrorLine: () => {} };
    return parseAgentMetadata(await run(base, program, late.signal));
  } catch (error) {
    if (!isPypesError(error) || error.code === 'unavailable') throw error;
    const message =
      error.code === 'agent_broken' ? error.message : `"${path} --agent" has to print AGENT as JSON. ${error.message}`;
    throw new PypesError('agent_broken', message, { details: { ...error.details, file: path }, cause: error });
  } finally {
    clearTimeout(timer);
  }
}

async function call(base: Base, context: AgentContext, args: JsonObject): Promise<Json> {
  const log = createLineLog(base.limits, (line) => context.log('warn', line));
  const environment = {
    PYPES_AGENT: context.agent,
    PYPES_PACK_GUID: context.packGuid,
    PYPES_USER_GUID: context.userGuid ?? '',
    PYPES_RUN_ID: context.runId,
  };
  try {
    const program = { arguments: [], input: JSON.stringify(args), environment, onErrorLine: log.write };
    return await run(base, program, context.signal);
  } finally {
    log.close();
  }
}

type Part = Pick<Program, 'arguments' | 'input' | 'environment' | 'onErrorLine'>;

/** Runs the program in its turn and reads what it printed. */
async function run({ location, limits, slots, closing }: Base, part: Part, caller: AbortSignal): Promise<Json> {
  const signal = AbortSignal.any([caller, closing]);
  const release = await slots.take(signal).catch(() => Promise.reject(toAbortError(signal)));
  try {
    const { outputBytes } = limits;
    const end = await runProgram({ ...part, location, folder: dirname(location), outputBytes, signal });
    if (end.exitCode !== 0) throw toExitError(end);
    return toJson(end.output);
  } finally {
    release();
  }
}
