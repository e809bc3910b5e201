// WebAssembly components as agents: types from the component's own bytes, code in threads that hold nothing else.
import { mkdtempSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Limits, PypesError, type Runtime, type SourceFile } from '@pypes/contract';
import type { FileText } from '../threads/file-text.ts';
import type { ThreadOptions } from '../threads/options.ts';
import { languageAt } from '../threads/pool/thread.ts';
import { createThreadRuntime } from '../threads/runtime.ts';
import type { ComponentAttachment } from './attachment.ts';
import { cacheKey, readCached, writeCached } from './cache.ts';
import { isCoreModule } from './core/read/module.ts';
import { createCoreModuleRuntime } from './core/runtime.ts';
import { boundModules } from './memory.ts';
import { packText } from './packed-text.ts';
import { type ComponentFile, factsOf, readComponentFile } from './read/agents.ts';
import { LEAN, makeLean } from './transpile/lean.ts';
import { makeStrict, STRICT } from './transpile/strict.ts';
import { transpile } from './transpile/transpile.ts';

export type ComponentOptions = ThreadOptions & {
  /** Where transpiled components are kept, for this account alone; default: a folder that ends with this runtime. */
  readonly cacheFolder?: string;
  /** A component that takes longer to transpile is refused. Milliseconds. */
  readonly transpileMs?: number;
};

const TRANSPILE_MS = 30_000;
const LANGUAGE = languageAt(
  new URL('./guest/', import.meta.url),
  'load',
  new URL('./guest/wasi/', import.meta.url),
  new URL('.', import.meta.resolve('@pypes/wit/values')),
  new URL('.', import.meta.resolve('@pypes/wit/schema')),
);
const TOOL_MANIFEST = new URL('../package.json', import.meta.resolve('@bytecodealliance/jco-transpile/component'));
/** A result of another version of the tool is another result. */
const { version: TOOL } = JSON.parse(readFileSync(TOOL_MANIFEST, 'utf8')) as { readonly version: string };

/**
 * The runtime of `.wasm` files. Every exported function of a component is an agent, with its schema and description
 * from the component's own types; nothing of a component runs before its first call. A file whose header says core
 * module is one agent, over the ABI of docs/guide/wasm-modules.md.
 *
 * @example
 * const runtime = createComponentRuntime({ cacheFolder: '/var/lib/pypes/cache/components' });
 * const agents = await runtime.load(file, DEFAULT_LIMITS);
 */
export function createComponentRuntime({
  cacheFolder,
  transpileMs = TRANSPILE_MS,
  ...options
}: ComponentOptions = {}): Runtime {
  let own: string | undefined;
  const folder = () => {
    own ??= cacheFolder === undefined ? mkdtempSync(join(tmpdir(), 'pypes-components-')) : undefined;
    return cacheFolder ?? (own as string);
  };
  const runtime = createThreadRuntime({
    name: 'component',
    extensions: ['.wasm'],
    sandboxed: true,
    language: LANGUAGE,
    options: { threads: 24, threadsPerFile: 4, isMetered: true, ...options },
    read: (file, limits) => readFile(file, limits, folder, transpileMs),
  });
  const coreModules = createCoreModuleRuntime(options);
  return {
    ...runtime,
    companions: ['.wit'],
    load: (file, limits) => (isCoreModule(file.bytes) ? coreModules : runtime).load(file, limits),
    async close() {
      await Promise.all([runtime.close(), coreModules.close()]);
      if (own !== undefined) await rm(own, { recursive: true, force: true });
    },
  };
}

async function readFile(file: SourceFile, limits: Limits, folder: () => string, deadlineMs: number): Promise<FileText> {
  const read = await readComponentFile(file);
  return {
    url: file.path,
    code: '',
    agent: read.agents,
    imports: read.needs,
    isPinned: read.isPinned,
    prepare: () => prepare(file, read, limits, folder(), deadlineMs),
  };
}

async function prepare(
  { bytes, digest, path }: SourceFile,
  read: ComponentFile,
  { guestBytes }: Limits,
  folder: string,
  deadlineMs: number,
): Promise<ComponentAttachment> {
  const key = cacheKey(digest, TOOL, LEAN, STRICT, JSON.stringify(read.options));
  let cached = await readCached(folder, key, bytes);
  if (cached === undefined) {
    const { glue, modules } = await transpile(bytes, read.options, { path, deadlineMs });
    cached = { glue: makeStrict(makeLean(glue)), modules };
    await writeCached(folder, key, cached, bytes);
  }
  const bounded = boundModules(cached.modules, guestBytes, path);
  const compiled = Object.entries(bounded.modules).map(async ([name, module]) => [name, await compile(module, path)]);
  const modules = Object.fromEntries(await Promise.all(compiled)) as ComponentAttachment['modules'];
  const glue = packText(cached.glue);
  return {
    ...factsOf(read),
    // Read by each thread that is sent it.
    get glue() {
      return glue.read();
    },
    modules,
    once: bounded.once,
  };
}

async function compile(module: Uint8Array<ArrayBuffer>, path: string): Promise<WebAssembly.Module> {
  try {
    return await WebAssembly.compile(module);
  } catch (error) {
    const message = `The component is no valid WebAssembly: ${(error as Error).message}`;
    throw new PypesError('agent_broken', message, { details: { file: path }, cause: error });
  }
}
