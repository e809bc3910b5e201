// A runtime: how the files of one language become agents (DESIGN.md, The shapes).
import type { AgentContext, AgentMetadata } from './agent.ts';
import type { CapabilityOperation } from './capabilities.ts';
import type { Json, JsonObject } from './json.ts';
import type { Limits } from './limits.ts';

/** One source file of a pack. */
export interface SourceFile {
  /** The name without folders: what decides the language, and the default of an agent's name. */
  readonly filename: string;
  /** How a person knows the file: used in errors and traces. Relative for packs, as given for folders. */
  readonly path: string;
  readonly bytes: Uint8Array;
  /** `sha256:` and the hex digest of `bytes`: one version of the file. */
  readonly digest: string;
  /** Calls of files of different packs never share a guest process or thread. */
  readonly packGuid: string;
  /** Where the file lies on this machine, where it does: a trusted folder's siblings can be imported from there. */
  readonly location?: string;
  readonly executable?: boolean;
  /** A file beside this one, by its name; undefined where there is none. */
  readonly sibling?: (filename: string) => Promise<Uint8Array | undefined>;
}

/** What a runtime can do, as flags: tests skip by them, and healthz publishes them. */
export type RuntimeCapabilities = {
  /** A stranger's file can run in it. */
  readonly sandboxed: boolean;
  /** An endless loop can be stopped. */
  readonly interruptible: boolean;
  /** `context` reaches the guest; where not, it runs on its arguments alone. */
  readonly context: boolean;
};

/** One language. */
export interface Runtime {
  readonly name: string;
  /** File name endings with the dot, lower case. Empty: matches executable files that no other runtime takes. */
  readonly extensions: readonly string[];
  /** Endings of files that are no agents, and that a pack keeps beside them for this runtime. */
  readonly companions?: readonly string[];
  readonly capabilities: RuntimeCapabilities;
  /**
   * Reads a file's agents. Metadata is read without running the file where its form allows; else the file is run the
   * way a call would run it.
   *
   * @throws PypesError `agent_broken` with details `{file, line?, column?, trace?}`
   */
  load(file: SourceFile, limits: Limits): Promise<readonly LoadedAgent[]>;
  /** Ends every process and thread of this runtime. */
  close(): Promise<void>;
}

/** Something that an agent's file imports, and cannot run without. */
export type ImportNeed = {
  /** As the file names it. */
  readonly name: string;
  /** The pack needs the permission for this operation. */
  readonly operation?: CapabilityOperation;
  /** The pack needs these agents. */
  readonly agents?: readonly string[];
};

/** One agent of one version of a file. */
export interface LoadedAgent {
  readonly metadata: AgentMetadata;
  /** A call is refused before anything of the file runs where one of these is missing. */
  readonly imports?: readonly ImportNeed[];
  /**
   * Runs one call. When `context.signal` aborts, the guest is stopped and the promise rejects soon after.
   *
   * @throws PypesError `handler_failed` (details `{trace?, line?}`), `invalid_output` where the result is no JSON value
   */
  run(context: AgentContext, args: JsonObject): Promise<Json>;
  /** The version is no longer wanted: called once, after its last call has ended. */
  close(): Promise<void>;
}
