// A runtime without threads: a language runs in the host's own isolate, as at the edge, where there is nothing else.
import type { AgentMetadata, Limits, LoadedAgent, Runtime, SourceFile } from '@pypes/contract';
import { describeFile, type FileText, withFile } from '../threads/file-text.ts';
import type { GuestLanguage } from '../threads/guest/language.ts';
import { closingError } from '../threads/pool/errors.ts';
import { createAdmission } from './admission.ts';
import type { CreateInlineEngines } from './engines.ts';
import { createInlineFile, type InlineFile } from './file.ts';

/** What calls in one isolate get at most, whatever the limits of the host say: they share it. */
export type InlineOptions = {
  /** Calls under way at once; as many again where agents call agents. The others wait. */
  readonly calls?: number;
  /** Memory of one engine. Bytes. */
  readonly guestBytes?: number;
  /** Computation of one call, in which nothing else moves in the isolate. Milliseconds. */
  readonly cpuMs?: number;
};

/** A language that runs inline. */
export type InlineRuntimeParts = {
  readonly name: string;
  readonly extensions: readonly string[];
  readonly language: GuestLanguage;
  readonly options: Required<InlineOptions>;
  /** Where the engines of the isolate are kept: runtimes that share one share its memory. */
  readonly createEngines: CreateInlineEngines;
  /** Reads a file without running it. @throws PypesError `agent_broken` */
  readonly read: (file: SourceFile, limits: Limits) => FileText | Promise<FileText>;
};

/**
 * A runtime whose calls run where the host runs. A call that waits is stopped at once; one that computes ends at its
 * limit of CPU time, for nothing else can run meanwhile.
 *
 * @example
 * createInlineRuntime({ name: 'lua', extensions: ['.lua'], language, options, createEngines, read });
 */
export function createInlineRuntime({
  name,
  extensions,
  language,
  options,
  createEngines,
  read,
}: InlineRuntimeParts): Runtime {
  const files = new Map<string, InlineFile>();
  const admission = createAdmission(options.calls);
  let closed = false;

  function hold(key: string, text: FileText, { path }: SourceFile, limits: Limits): InlineFile {
    let file = files.get(key);
    if (file === undefined) {
      const { outputBytes, logLines, logLineLength } = limits;
      const guestBytes = Math.min(limits.guestBytes, options.guestBytes);
      const cpuMs = Math.min(limits.cpuMs, options.cpuMs);
      const bounds = { outputBytes, cpuMs, guestBytes, logLines, logLineLength };
      const source = { url: text.url, code: text.code, path, wantsAgent: text.agent === undefined, ...bounds };
      file = createInlineFile({ source, language, admission, createEngines, prepare: text.prepare });
      files.set(key, file);
    }
    file.holders++;
    return file;
  }

  function release(key: string, file: InlineFile): void {
    file.holders--;
    if (file.holders > 0) return;
    if (files.get(key) === file) files.delete(key);
    file.close();
  }

  function toLoadedAgent(metadata: AgentMetadata, { imports }: FileText, file: InlineFile, key: string): LoadedAgent {
    let released = false;
    return {
      metadata,
      ...(imports === undefined ? {} : { imports }),
      run: (context, args) => (closed ? Promise.reject(closingError()) : file.run(context, args)),
      async close() {
        if (!released) release(key, file);
        released = true;
      },
    };
  }

  return {
    name,
    extensions,
    capabilities: { sandboxed: true, interruptible: true, context: true },
    async load(source, limits) {
      if (closed) throw closingError();
      const text = await read(source, limits);
      const key = JSON.stringify([source.packGuid, source.path, source.digest, limits]);
      const file = hold(key, text, source, limits);
      try {
        const agents = await describeFile(text, file.describe);
        file.holders += agents.length - 1;
        return agents.map((metadata) => toLoadedAgent(metadata, text, file, key));
      } catch (error) {
        release(key, file);
        throw withFile(error, source.path);
      }
    },
    async close() {
      closed = true;
      for (const file of files.values()) {
        file.abort(closingError());
        file.close();
      }
      files.clear();
    },
  };
}
