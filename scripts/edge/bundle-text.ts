// A module as one text, to be a part of the Worker or to be handed on by it.
import { join } from 'node:path';
import { rolldown } from 'rolldown';

/** The names of functions stay, so that what a log says can be found in the sources. */
export const MINIFY = { compress: true, mangle: { toplevel: true, keepNames: true }, codegen: true } as const;

/** Of a file, with all that it imports. */
export function bundleFile(path: string): Promise<string> {
  return bundle(path);
}

/** The same module, smaller: of what a tool has written, so that nobody looks for its names. */
export function shrink(text: string): Promise<string> {
  return bundle(GIVEN, text);
}

const GIVEN = join(import.meta.dirname, 'given.js');

async function bundle(input: string, given?: string): Promise<string> {
  const build = await rolldown({
    input,
    platform: 'neutral',
    resolve: { conditionNames: ['import', 'default'] },
    logLevel: 'warn',
    plugins: [
      {
        name: 'given',
        resolveId: (id) => (id === GIVEN ? id : null),
        load: (id) => (id === GIVEN ? (given ?? null) : null),
      },
    ],
  });
  const minify = given === undefined ? MINIFY : { ...MINIFY, mangle: true };
  const { output } = await build.generate({ format: 'esm', codeSplitting: false, minify });
  await build.close();
  return output[0].code;
}
