// A component from a JavaScript module: QuickJS with the module already loaded, and nothing that reaches outside.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { componentize } from 'componentize-qjs';
import { stillEngine } from './engine.ts';
import type { SkillSource } from './from-text.ts';
import { withExports } from './with-exports.ts';

/**
 * The component of a world. Its snapshot is taken of an engine without clock and chance, so that one source gives one
 * component; what the tool exports beside the world (`init`, which takes any script) is not reachable from outside.
 */
export async function componentFromJavascript({ text, wit, world }: SkillSource): Promise<Uint8Array> {
  const folder = mkdtempSync(join(tmpdir(), 'pypes-skill-'));
  try {
    const witPath = join(folder, 'interface.wit');
    writeFileSync(witPath, wit);
    const runtimeBytes = Buffer.from(await stillEngine());
    const { component } = await componentize({ witPath, jsSource: text, world, stubWasi: true, runtimeBytes });
    return withExports(component, { wit, world });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
