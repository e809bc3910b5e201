// The code of the package: all of the command in files that are loaded when wanted, and what runs in threads apart from it.
import { existsSync, globSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { type Plugin, rolldown } from 'rolldown';
import { PARTS } from '../../packages/cli/src/parts/table.ts';
import { packageFolderOf } from '../functions/npm.ts';
import { markPlaces, placeOf, settlePlaces } from './places.ts';

export type Bundled = {
  /** The folders of the npm packages that are in it. */
  readonly packages: readonly string[];
  /** Files of npm packages that the code reads, by their place in the package. */
  readonly read: ReadonlyMap<string, string>;
};

type Build = { readonly entries: readonly string[]; readonly chunks: string };

const ROOT = join(import.meta.dirname, '../..');
const RUNTIMES = 'packages/runtimes/src';
const WASI = join(ROOT, 'node_modules/@bytecodealliance/preview2-shim/dist/browser');
const IN_PARTS = PARTS.flatMap((part) => part.packages);
/** A dynamic import of what is there anyway, and a directive of a generated file: both do no harm. */
const HARMLESS = ['INEFFECTIVE_DYNAMIC_IMPORT', 'MODULE_LEVEL_DIRECTIVE'];
const BINARY = /["'`]((?:\.\/)?[\w./-]+\.wasm)["'`]/g;

/** Writes into `folder`. @throws Error where rolldown warns of anything else than what is known to be harmless */
export async function bundle(folder: string): Promise<Bundled> {
  const read = new Map<string, string>();
  const packages = new Set<string>();
  for (const build of builds()) {
    for (const path of await write(build, folder, read)) packages.add(path);
  }
  for (const file of read.values()) packages.add(packageFolderOf(file) ?? '');
  return { packages: [...packages].filter((path) => path !== '').sort(), read };
}

/** What runs in a thread shares no file with the host: it would load a part of that too. */
function builds(): readonly Build[] {
  const guests = globSync(`${RUNTIMES}/**/guest/load.ts`, { cwd: ROOT }).sort();
  const threads = ['boot', 'main'].map((name) => `${RUNTIMES}/threads/guest/${name}.ts`);
  return [
    { entries: ['packages/cli/src/main.ts'], chunks: 'lib' },
    { entries: [...threads, ...guests], chunks: `${RUNTIMES}/threads/lib` },
    { entries: [`${RUNTIMES}/component/transpile/worker.ts`], chunks: `${RUNTIMES}/component/transpile/lib` },
  ];
}

async function write({ entries, chunks }: Build, folder: string, read: Map<string, string>): Promise<string[]> {
  const build = await rolldown({
    input: Object.fromEntries(entries.map((entry) => [entry.replace(/\.ts$/, ''), join(ROOT, entry)])),
    cwd: ROOT,
    platform: 'node',
    external: (id) => isInPart(id),
    // As component/transpile/worker.ts has it: the kind for Node looks for a file of its own to start a thread with.
    resolve: { alias: { '@bytecodealliance/preview2-shim': WASI } },
    plugins: [places(read)],
    onLog: (level, { code = '', message }) => {
      if (level === 'warn' && !HARMLESS.includes(code)) throw new Error(message);
    },
  });
  const { output } = await build.write({
    dir: folder,
    format: 'esm',
    entryFileNames: '[name].js',
    chunkFileNames: `${chunks}/[name]-[hash].js`,
    // Names stay, so that what a trace says can be found in the sources.
    minify: { compress: true, mangle: false, codegen: true },
  });
  await build.close();
  const modules = output.flatMap((chunk) => (chunk.type === 'chunk' ? chunk.moduleIds : []));
  return modules.flatMap((path) => packageFolderOf(path) ?? []);
}

function isInPart(id: string): boolean {
  return IN_PARTS.some((name) => id === name || id.startsWith(`${name}/`));
}

function places(read: Map<string, string>): Plugin {
  const keep = (file: string) => {
    if (packageFolderOf(file) !== undefined) read.set(placeOf(file), file);
  };
  const resolve = (specifier: string, importer: string) => {
    if (isInPart(specifier)) return undefined;
    const found = createRequire(importer).resolve(specifier);
    const owner = packageFolderOf(found);
    // What is a script is in the bundle; asked for is the package that it belongs to.
    if (owner !== undefined) keep(/\.[cm]?js$/.test(found) ? join(owner, 'package.json') : found);
    return found;
  };
  return {
    name: 'places',
    transform: {
      filter: { code: /\bimport\.meta\b|\b__(?:dir|file)name\b/ },
      handler(code, id) {
        if (packageFolderOf(id) !== undefined) {
          for (const file of binariesOf(code, id)) keep(file);
        }
        return { code: markPlaces(code, id, resolve), map: null };
      },
    },
    renderChunk: (code, chunk) => ({ code: settlePlaces(code, chunk.fileName), map: null }),
  };
}

/** WebAssembly that lies beside a module and that its text names. */
function binariesOf(code: string, id: string): readonly string[] {
  const named = [...code.matchAll(BINARY)].map(([, path = '']) => join(dirname(id), path));
  return [...new Set(named)].filter((path) => existsSync(path) && !relative(dirname(id), path).startsWith('..'));
}
