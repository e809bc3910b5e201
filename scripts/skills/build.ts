// The bundled skills as their sources give them: one folder each, one source file that begins with an underscore.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { componentFromJavascript } from './from-javascript.ts';
import { componentFromText } from './from-text.ts';
import { withChecksums } from './with-checksums.ts';

const PROJECT = join(import.meta.dirname, '../..');

/** Where the bundled skills are. */
export const SKILLS = join(PROJECT, 'skills');

/** A file of a skill as it should be. */
type Built = { readonly path: string; readonly content: Uint8Array };

/** The paths of generated files that are not there, or hold something else. */
export async function checkSkills(folder = SKILLS): Promise<readonly string[]> {
  const built = await buildSkills(folder);
  return built.filter(({ path, content }) => !holds(path, content)).map(({ path }) => relative(PROJECT, path));
}

/** Builds and writes; says what. */
export async function writeSkills(): Promise<readonly { readonly path: string; readonly bytes: number }[]> {
  const built = await buildSkills(SKILLS);
  for (const { path, content } of built) writeFileSync(path, content);
  return built.map(({ path, content }) => ({ path: relative(PROJECT, path), bytes: content.length }));
}

/** Every generated file, by its path in the project; the same bytes on each machine and each day. */
async function buildSkills(folder: string): Promise<readonly Built[]> {
  const built: Built[] = [];
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) built.push(...(await buildSkill(join(folder, entry.name))));
  }
  return built;
}

async function buildSkill(folder: string): Promise<readonly Built[]> {
  const manifest = readFileSync(join(folder, 'manifest.toml'), 'utf8');
  const wit = readFileSync(join(folder, 'interface.wit'), 'utf8');
  const world = /^world = "([^"]+)"$/m.exec(manifest)?.[1];
  if (world === undefined) throw new Error(`The manifest in "${folder}" names no world; write world = "…"`);
  const sources = readdirSync(folder).filter((name) => name.startsWith('_'));
  const [source] = sources;
  if (source === undefined || sources.length > 1) {
    throw new Error(`"${folder}" has ${sources.length} files that begin with an underscore; a skill has one source`);
  }
  const text = readFileSync(join(folder, source), 'utf8');
  const build = source.endsWith('.wat') ? componentFromText : componentFromJavascript;
  const component = await build({ text, wit, world });
  const files = { component, interface: Buffer.from(wit), [source]: Buffer.from(text) };
  return [
    { path: join(folder, 'component.wasm'), content: component },
    { path: join(folder, 'manifest.toml'), content: Buffer.from(withChecksums(manifest, files)) },
  ];
}

function holds(path: string, content: Uint8Array): boolean {
  try {
    return readFileSync(path).equals(content);
  } catch {
    return false;
  }
}
