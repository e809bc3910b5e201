// JavaScript and TypeScript with the full power of Node: for files that the operator trusts.
import {
  isPypesError,
  type Json,
  type Limits,
  type LoadedAgent,
  PypesError,
  parseAgentMetadata,
  type Runtime,
  type SourceFile,
} from '@pypes/contract';
import { type JavascriptOptions, withDefaults } from './options.ts';
import { AgentFile } from './pool/agent-file.ts';
import { Pool } from './pool/pool.ts';
import { type AgentFileText, readAgentFile } from './source/read.ts';

/**
 * The runtime of trusted `.js`, `.mjs` and `.ts` files. Metadata is read by parsing; calls run in worker threads, which
 * one version of one file has for itself.
 *
 * @example
 * const runtime = createJavascriptRuntime({});
 * const [agent] = await runtime.load(file, DEFAULT_LIMITS);
 * await agent.run(context, { city: 'Oslo' });
 * await runtime.close();
 */
export function createJavascriptRuntime(options: JavascriptOptions = {}): Runtime {
  const pool = new Pool(withDefaults(options));
  const files = new Map<string, AgentFile>();

  function hold(key: string, text: AgentFileText, { path }: SourceFile, limits: Limits): AgentFile {
    let file = files.get(key);
    if (file === undefined) {
      const { outputBytes, logLines, logLineLength } = limits;
      const source = { url: text.url, code: text.code, path, wantsAgent: false, outputBytes, logLines, logLineLength };
      file = new AgentFile(source, limits.callMs, pool);
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

  return {
    name: 'javascript',
    extensions: ['.js', '.mjs', '.ts'],
    capabilities: { sandboxed: false, interruptible: true, context: true },
    async load(source, limits) {
      const text = await readAgentFile(source);
      const key = JSON.stringify([source.packGuid, source.path, source.digest, text.url, limits]);
      const file = hold(key, text, source, limits);
      try {
        const metadata = parseAgentMetadata(text.agent ?? (await file.describe()));
        return [toLoadedAgent(metadata, file, () => release(key, file))];
      } catch (error) {
        release(key, file);
        throw withFile(error, source.path);
      }
    },
    close: () => pool.close(),
  };
}

function toLoadedAgent(metadata: LoadedAgent['metadata'], file: AgentFile, release: () => void): LoadedAgent {
  let closed = false;
  return {
    metadata,
    run: (context, args) => file.run(context, args),
    async close() {
      if (!closed) release();
      closed = true;
    },
  };
}

/** Every `agent_broken` says which file it is about. */
function withFile(error: unknown, path: string): unknown {
  if (!isPypesError(error) || error.details?.file !== undefined) return error;
  const details: { readonly [key: string]: Json } = { ...error.details, file: path };
  return new PypesError(error.code, error.message, { details, cause: error });
}
