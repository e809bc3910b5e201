// The Python runtime: reads files with an inspector, runs them in a pool of workers.
import {
  type AgentMetadata,
  type Limits,
  type LoadedAgent,
  PypesError,
  parseAgentMetadata,
  type Runtime,
  type SourceFile,
} from '@pypes/contract';
import { runCall, type WorkerFile } from './call/call.ts';
import { describeFile } from './call/describe.ts';
import { toWorkerFile } from './call/file.ts';
import type { FoundAgent } from './inspect/inspector.ts';
import { createMachine, type Machine } from './machine.ts';
import { type PythonOptions, toSettings } from './options.ts';

/**
 * Runs `.py` files in persistent CPython processes with the full power of Python on this machine: for files that the
 * operator trusts (spec 1). Starts nothing before the first file is loaded, unless it is told to. An instance of a class with `perform` is
 * made once per worker. Integers beyond 2^53 come out as texts, since JSON's readers would round them.
 *
 * @example
 * const runtime = createPythonRuntime({ maxWorkers: 8 });
 * const [agent] = await runtime.load(file, DEFAULT_LIMITS);
 * await agent?.run(context, { city: 'Oslo' });
 * await runtime.close();
 */
export function createPythonRuntime(options: PythonOptions = {}): Runtime {
  const settings = toSettings(options);
  return createRuntimeOn(() => createMachine(settings), false, settings.startsEarly);
}

/** The runtime on a machine that is made when the first file is loaded, or at once. */
export function createRuntimeOn(start: () => Promise<Machine>, sandboxed: boolean, startsEarly = false): Runtime {
  let machine: Promise<Machine> | undefined;
  let isClosed = false;

  function getMachine(): Promise<Machine> {
    if (isClosed) return Promise.reject(new PypesError('unavailable', 'The Python runtime is closed'));
    machine ??= start().catch((error: unknown) => {
      // A Python that is installed later is found then.
      machine = undefined;
      throw error;
    });
    return machine;
  }

  if (startsEarly) {
    // Whatever is wrong is said to the first file.
    getMachine().then(
      ({ inspector }) => inspector.start(),
      () => undefined,
    );
  }

  return {
    name: 'python',
    extensions: ['.py'],
    capabilities: { sandboxed, interruptible: true, context: true },
    load: async (file, limits) => loadFile(await getMachine(), file, limits, sandboxed),
    async close() {
      isClosed = true;
      const running = await machine?.catch(() => undefined);
      await running?.close();
    },
  };
}

/** What lies beside the file on this machine is not to be seen. */
function withoutLocation({ location: _location, ...file }: SourceFile): SourceFile {
  return file;
}

async function loadFile(
  machine: Machine,
  source: SourceFile,
  limits: Limits,
  isConfined: boolean,
): Promise<readonly LoadedAgent[]> {
  const { file, text } = toWorkerFile(isConfined ? withoutLocation(source) : source, limits, isConfined);
  const finding = await machine.inspector.read(text);
  if ('failure' in finding) {
    const details = { file: source.path, ...finding.failure.details };
    throw new PypesError('agent_broken', finding.failure.message, { details });
  }
  const found = 'agents' in finding ? finding.agents : await describeFile(machine.pool, file, source.path, limits);
  return toAgents(machine, file, limits, found, source.path);
}

function toAgents(
  { pool }: Machine,
  file: WorkerFile,
  limits: Limits,
  found: readonly FoundAgent[],
  path: string,
): readonly LoadedAgent[] {
  let open = found.length;
  return found.map(({ selector, metadata }) => ({
    metadata: parseMetadata(metadata, path),
    run: (context, args) => runCall(pool, file, selector, limits, context, args),
    async close() {
      open--;
      if (open === 0) pool.forget(file.key, file.isConfined);
    },
  }));
}

function parseMetadata(metadata: unknown, path: string): AgentMetadata {
  try {
    return parseAgentMetadata(metadata);
  } catch (error) {
    if (!(error instanceof PypesError)) throw error;
    throw new PypesError(error.code, error.message, { details: { ...error.details, file: path }, cause: error });
  }
}
