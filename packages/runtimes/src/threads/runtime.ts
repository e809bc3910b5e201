// A runtime over a pool of threads: one file version at a time in each thread, metadata by reading where that suffices.
import type { AgentMetadata, Limits, LoadedAgent, Runtime, SourceFile } from '@pypes/contract';
import { describeFile, type FileText, withFile } from './file-text.ts';
import { type ThreadOptions, withDefaults } from './options.ts';
import { AgentFile } from './pool/agent-file.ts';
import { Pool } from './pool/pool.ts';
import type { ThreadLanguage } from './pool/thread.ts';

/** A language that runs in threads. */
export type ThreadRuntimeParts = {
  readonly name: string;
  readonly extensions: readonly string[];
  readonly sandboxed: boolean;
  readonly language: ThreadLanguage;
  readonly options: ThreadOptions;
  /** Reads a file without running it. @throws PypesError `agent_broken` */
  readonly read: (file: SourceFile, limits: Limits) => FileText | Promise<FileText>;
};

/**
 * A runtime whose calls run in worker threads, which one version of one file has for itself.
 *
 * @example
 * createThreadRuntime({ name: 'lua', extensions: ['.lua'], sandboxed: true, language, options: {}, read });
 */
export function createThreadRuntime({
  name,
  extensions,
  sandboxed,
  language,
  options,
  read,
}: ThreadRuntimeParts): Runtime {
  const pool = new Pool(withDefaults(sandboxed ? `${name} sandbox` : name, language, options));
  const files = new Map<string, AgentFile>();

  function hold(key: string, text: FileText, { path }: SourceFile, limits: Limits): AgentFile {
    let file = files.get(key);
    if (file === undefined) {
      const { outputBytes, cpuMs, guestBytes, logLines, logLineLength } = limits;
      const bounds = { outputBytes, cpuMs, guestBytes, logLines, logLineLength };
      const source = { url: text.url, code: text.code, path, wantsAgent: false, ...bounds };
      file = new AgentFile(source, limits.callMs, pool, text);
      files.set(key, file);
    }
    file.holders++;
    return file;
  }

  function release(key: string, file: AgentFile): void {
    file.holders--;
    if (file.holders > 0) return;
    if (files.get(key) === file) files.delete(key);
    file.close();
  }

  /** Holds on to nothing of the text, which may be as large as the file. */
  function toLoadedAgent(metadata: AgentMetadata, { imports }: FileText, file: AgentFile, key: string): LoadedAgent {
    let closed = false;
    return {
      metadata,
      ...(imports === undefined ? {} : { imports }),
      run: (context, args) => file.run(context, args),
      async close() {
        if (!closed) release(key, file);
        closed = true;
      },
    };
  }

  return {
    name,
    extensions,
    capabilities: { sandboxed, interruptible: true, context: true },
    async load(source, limits) {
      const text = await read(source, limits);
      const key = JSON.stringify([source.packGuid, source.path, source.digest, text.url, limits]);
      const file = hold(key, text, source, limits);
      try {
        const agents = await describeFile(text, () => file.describe());
        file.holders += agents.length - 1;
        return agents.map((metadata) => toLoadedAgent(metadata, text, file, key));
      } catch (error) {
        release(key, file);
        throw withFile(error, source.path);
      }
    },
    close: () => pool.close(),
  };
}
