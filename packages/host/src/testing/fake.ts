// A host without languages: agents are functions of the test, so that a test can look at the host alone.
import {
  type AgentContext,
  type AgentFolder,
  type FolderEntry,
  type Json,
  type JsonObject,
  type LoadedAgent,
  PypesError,
  parseAgentMetadata,
  type Runtime,
  type SchemaCompiler,
} from '@pypes/contract';

/** What a fake agent does. */
export type Behaviour = (context: AgentContext, args: JsonObject, source: string) => Json | Promise<Json>;

/** A runtime for `.fake` files: a list of `{name, does, …}`, where `does` names a behaviour. */
export function createFakeRuntime(behaviours: { readonly [name: string]: Behaviour }) {
  const closed: string[] = [];
  const runtime: Runtime = {
    name: 'fake',
    extensions: ['.fake'],
    capabilities: { sandboxed: true, interruptible: true, context: true },
    async load(file) {
      const source = new TextDecoder().decode(file.bytes);
      let agents: readonly JsonObject[];
      try {
        agents = JSON.parse(source) as readonly JsonObject[];
      } catch {
        throw new PypesError('agent_broken', 'This is no list', { details: { file: file.path, line: 3, column: 7 } });
      }
      return agents.map(
        (agent): LoadedAgent => ({
          metadata: parseAgentMetadata(agent),
          run: async (context, args) => (behaviours[String(agent.does)] as Behaviour)(context, args, source),
          close: async () => {
            closed.push(`${file.path}:${agent.name}`);
          },
        }),
      );
    },
    close: async () => undefined,
  };
  return { runtime, closed };
}

/** The text of a `.fake` file. */
export const fake = (...agents: readonly JsonObject[]): string => JSON.stringify(agents);

/** A folder whose files the test changes. */
export function createFakeFolder(files: Map<string, string>, name = 'fakes') {
  let version = 0;
  let seen = -1;
  const stamps = new Map<string, string>();
  const folder: AgentFolder & { set(path: string, text: string | undefined): void } = {
    name,
    packGuid: '00000000-0000-4000-8000-00000000f01d',
    location: `/${name}`,
    async scan() {
      seen = version;
      return [...files.keys()]
        .sort()
        .map((path): FolderEntry => ({ path, stamp: stamps.get(path) ?? '0', executable: false, bytes: 1 }));
    },
    read: async (path) => (files.has(path) ? new TextEncoder().encode(files.get(path)) : undefined),
    changed: () => seen !== version,
    close: () => undefined,
    set(path, text) {
      version += 1;
      stamps.set(path, String(version));
      if (text === undefined) files.delete(path);
      else files.set(path, text);
    },
  };
  return folder;
}

/** Knows `required` alone: enough to see that schemas are looked at. */
export const requiredOnly: SchemaCompiler = {
  compile: (schema) => (value) =>
    ((schema.required ?? []) as readonly string[])
      .filter((key) => !Object.hasOwn(value as JsonObject, key))
      .map((key) => ({ path: '', message: `must have ${key}` })),
};

/** A promise and the function that keeps it. */
export function deferred<T = void>() {
  let resolve: (value: T) => void = () => undefined;
  const promise = new Promise<T>((keep) => {
    resolve = keep;
  });
  return { promise, resolve };
}
