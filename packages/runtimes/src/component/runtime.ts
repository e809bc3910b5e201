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
import { checkImports, type Import, needsOf, waitingOf } from './imports.ts';
import { boundModules } from './memory.ts';
import { toMetadata } from './read/metadata.ts';
import { readShippedWit } from './read/shipped-wit.ts';
import { type ComponentSkill, readComponent } from './read/skill.ts';
import { LEAN, makeLean } from './transpile/lean.ts';
import { makeStrict, STRICT } from './transpile/strict.ts';
import { type TranspileOptions, transpile } from './transpile/transpile.ts';

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
  const skill = readComponent(file.bytes, file.path);
  if (skill.functions.length === 0) {
    throw new PypesError('agent_broken', 'The component exports no function', { details: { file: file.path } });
  }
  const imports = checkImports(skill, file.path);
  const docs = await readShippedWit(file, skill);
  return {
    url: file.path,
    code: '',
    agent: skill.functions.map((each) => toMetadata(skill.resolved, each, docs(each), file.path)),
    imports: needsOf(skill, imports),
    isPinned: hasResources(skill),
    prepare: () => prepare(file, skill, imports, limits, folder(), deadlineMs),
  };
}

async function prepare(
  { bytes, digest, path }: SourceFile,
  skill: ComponentSkill,
  imports: readonly Import[],
  { guestBytes }: Limits,
  folder: string,
  deadlineMs: number,
): Promise<ComponentAttachment> {
  const waiting = waitingOf(skill, imports);
  const options: TranspileOptions = { imports: imports.map(({ name }) => name), waiting };
  const key = cacheKey(digest, TOOL, LEAN, STRICT, JSON.stringify(options));
  let cached = await readCached(folder, key, bytes);
  if (cached === undefined) {
    const { glue, modules } = await transpile(bytes, options, { path, deadlineMs });
    cached = { glue: makeStrict(makeLean(glue)), modules };
    await writeCached(folder, key, cached, bytes);
  }
  const modules: { [name: string]: WebAssembly.Module } = {};
  const bounded = boundModules(cached.modules, guestBytes, path);
  for (const [name, module] of Object.entries(bounded.modules)) modules[name] = await compile(module, path);
  return {
    glue: cached.glue,
    modules,
    once: bounded.once,
    resolved: skill.resolved,
    world: skill.resolved.worlds.indexOf(skill.world),
    imports,
    waits: waiting !== undefined,
    functions: skill.functions.map((each) => ({
      agent: each.agent,
      interface: each.interface,
      function: each.function,
    })),
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

function hasResources({ functions }: ComponentSkill): boolean {
  return functions.some(({ function: called }) => called.name.startsWith('['));
}
