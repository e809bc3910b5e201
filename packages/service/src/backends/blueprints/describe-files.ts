// The functions of a component as its files say them, without running any: AGENT where it is written out, WIT where
// there is a component.
import { createHash } from 'node:crypto';
import {
  type AgentMetadata,
  DEFAULT_LIMITS,
  type JsonObject,
  type JsonSchema,
  PypesError,
  parseAgentMetadata,
  type StoredFile,
} from '@pypes/contract';
import type { FunctionType } from '@pypes/host/blueprints';
import { createComponentRuntime, isCoreModule, readComponent } from '@pypes/runtimes/component';
import { parametersSchema, resultSchema, WitUnsupportedError } from '@pypes/wit/schema';
import { interfaceName } from '@pypes/wit/values';

/** AGENT of a file by reading it; undefined for a language that it does not know. */
export type ReadAgent = (filename: string, text: string) => Promise<JsonObject> | undefined;

/** What the files of a component say. */
export type Described = {
  readonly agents: ReadonlyMap<string, AgentMetadata>;
  /** What it calls, by name; undefined where that cannot be read from its files. */
  readonly imports: ReadonlyMap<string, FunctionType> | undefined;
};

/** @throws PypesError `agent_broken` where a file cannot be read, or says what it is only when it is run */
export async function describeFiles(
  files: readonly StoredFile[],
  packGuid: string,
  readAgent: ReadAgent,
): Promise<Described> {
  const agents = new Map<string, AgentMetadata>();
  const imports = new Map<string, FunctionType>();
  const refused: unknown[] = [];
  let isKnown = true;
  const sorted = [...files].sort((a, b) => (a.filename < b.filename ? -1 : 1));
  for (const file of sorted.filter(isAgentFile)) {
    try {
      if (file.filename.endsWith('.wasm')) {
        for (const metadata of await describeWasm(file, files, packGuid)) agents.set(metadata.name, metadata);
        for (const [name, type] of importsOf(file)) imports.set(name, type);
        continue;
      }
      const metadata = await describeText(file, readAgent);
      if (metadata === undefined) continue;
      isKnown = false;
      agents.set(metadata.name, metadata);
    } catch (error) {
      // A file that agents share is no agent itself.
      refused.push(error);
    }
  }
  if (agents.size > 0) return { agents, imports: isKnown ? imports : undefined };
  throw refused[0] ?? new PypesError('agent_broken', 'None of its files is an agent in a language that Pypes runs');
}

function isAgentFile({ filename }: StoredFile): boolean {
  const name = filename.slice(filename.lastIndexOf('/') + 1);
  return !/^[._]/.test(name) && name !== 'basic_agent.py';
}

async function describeText({ filename, bytes }: StoredFile, readAgent: ReadAgent): Promise<AgentMetadata | undefined> {
  const found = await readAgent(filename, new TextDecoder().decode(bytes));
  if (found === undefined) return undefined;
  if (typeof found.name === 'string') return parseAgentMetadata(found);
  throw new PypesError(
    'agent_broken',
    `AGENT of "${filename}" is not written out: its name is known only when the file runs, and nothing runs before it was checked; write AGENT as plain data`,
  );
}

/** Nothing of a component runs before its first call. */
async function describeWasm({ filename, bytes }: StoredFile, files: readonly StoredFile[], packGuid: string) {
  const runtime = createComponentRuntime();
  try {
    const agents = await runtime.load(
      {
        filename,
        path: filename,
        bytes,
        digest: `sha256:${createHash('sha256').update(bytes).digest('hex')}`,
        packGuid,
        sibling: async (name) => files.find((file) => file.filename === name)?.bytes,
      },
      DEFAULT_LIMITS,
    );
    return agents.map(({ metadata }) => metadata);
  } finally {
    await runtime.close();
  }
}

/** Imported functions by `interface#function`, or by their own name where the world imports them; without WASI. */
function* importsOf({ filename, bytes }: StoredFile): Generator<readonly [string, FunctionType]> {
  if (isCoreModule(bytes)) return;
  const { resolved, world } = readComponent(bytes, filename);
  for (const [key, item] of Object.entries(world.imports)) {
    if ('function' in item) yield [key, typeOf(item.function)];
    if (!('interface' in item)) continue;
    const home = interfaceName(resolved, { interface: item.interface.id });
    if (home === null || home.startsWith('wasi:') || home.startsWith('pypes:host/')) continue;
    for (const called of Object.values(resolved.interfaces[item.interface.id]?.functions ?? {})) {
      yield [`${home}#${called.name}`, typeOf(called)];
    }
  }

  function typeOf(called: Parameters<typeof parametersSchema>[1]): FunctionType {
    try {
      const returns = called.result === undefined ? undefined : (resultSchema(resolved, called) as JsonSchema);
      return {
        parameters: parametersSchema(resolved, called) as JsonSchema,
        ...(returns === undefined ? {} : { returns }),
      };
    } catch (error) {
      // What JSON cannot carry cannot be called either; the component itself says so when it is loaded.
      if (error instanceof WitUnsupportedError) return {};
      throw error;
    }
  }
}
