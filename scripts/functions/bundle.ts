// One file of all that a function always needs, and files beside it for what it loads later.
import { rolldown } from 'rolldown';
import { packageFolderOf } from './npm.ts';

export type BundleOptions = { readonly entry: string; readonly folder: string; readonly external: readonly string[] };

/** Writes `index.mjs` and `parts/`; the folders of the npm packages that are in it. */
export async function bundle({ entry, folder, external }: BundleOptions): Promise<readonly string[]> {
  const build = await rolldown({
    input: { index: entry },
    platform: 'node',
    // LisPy runs where its caller does. The others start threads by file, and read their own modules.
    external: [/^@pypes\/runtimes\/(?!lispy$)/, ...external],
    logLevel: 'warn',
  });
  const { output } = await build.write({
    dir: folder,
    format: 'esm',
    entryFileNames: '[name].mjs',
    chunkFileNames: 'parts/[name]-[hash].mjs',
    // Names stay, so that what a log says can be found in the sources.
    minify: { compress: true, mangle: false, codegen: true },
  });
  await build.close();
  const modules = output.flatMap((chunk) => (chunk.type === 'chunk' ? chunk.moduleIds : []));
  return [...new Set(modules.flatMap((path) => packageFolderOf(path) ?? []))].sort();
}
