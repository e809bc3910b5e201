// Components for tests that are written in JavaScript, with a whole engine inside: what people really ship.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { componentize } from 'componentize-qjs';

/** Builds the world of a WIT text from a script that exports its functions in camel case; `stubWasi`: traps for WASI. */
export async function buildScript(
  witText: string,
  world: string,
  jsSource: string,
  options: { readonly stubWasi?: boolean } = {},
): Promise<Uint8Array> {
  const folder = await mkdtemp(join(tmpdir(), 'pypes-script-'));
  const witPath = join(folder, 'world.wit');
  try {
    await writeFile(witPath, witText);
    const { component } = await componentize({ witPath, jsSource, world, sync: true, ...options });
    return new Uint8Array(component);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
