// The `.wit` beside a component: it has to agree with the component's own types, and knows what these do not carry.
import { PypesError, type SourceFile } from '@pypes/contract';
import { sameTypes } from '@pypes/wit/compare';
import type { ResolvedWit } from '@pypes/wit/resolved';
import { parseWit, WitError } from '@pypes/wit/text';
import { interfaceName } from '@pypes/wit/values';
import type { ComponentSkill, ExportedFunction } from './skill.ts';

/**
 * Reads `name.wit` beside `name.wasm`, where there is one; returns the docs of its functions.
 *
 * @throws PypesError `agent_broken` where it cannot be read, or says something else than the component
 */
export async function readShippedWit(
  { filename, path, sibling }: SourceFile,
  skill: ComponentSkill,
): Promise<(called: ExportedFunction) => string | undefined> {
  const text =
    (await sibling?.(filename.replace(/\.wasm$/i, '.wit'))) ??
    (filename === 'component.wasm' ? await sibling?.('interface.wit') : undefined);
  if (text === undefined) return () => undefined;
  return checkWit(new TextDecoder().decode(text), skill, path);
}

/**
 * Compares a `.wit` with the component that it came with. Of several worlds the one counts that agrees.
 *
 * @throws PypesError `agent_broken`
 */
export function checkWit(
  text: string,
  skill: ComponentSkill,
  path: string,
  worldName?: string,
): (called: ExportedFunction) => string | undefined {
  const told = parse(text, path);
  const worlds = told.worlds.map((_, id) => id).filter((id) => isWanted(told, id, worldName));
  const refuse = (message: string) => new PypesError('agent_broken', message, { details: { file: path } });
  if (worlds.length === 0) throw refuse(`The .wit has no world${worldName === undefined ? '' : ` "${worldName}"`}`);
  let reason = '';
  for (const world of worlds) {
    reason = differenceOf(told, world, skill);
    if (reason === '') return docsOf(told);
  }
  throw refuse(`The component is not what its .wit says: ${reason}`);
}

/** A world by its own name, or its whole one: `ns:package/world@1.2.3`. */
function isWanted(told: ResolvedWit, id: number, name: string | undefined): boolean {
  const world = told.worlds[id];
  const [home = '', version] = (told.packages[world?.package ?? -1]?.name ?? '').split('@');
  const whole = `${home}/${world?.name}`;
  return name === undefined || [world?.name, whole, `${whole}@${version}`].includes(name);
}

function parse(text: string, path: string): ResolvedWit {
  try {
    return parseWit([{ path: path.replace(/\.wasm$/i, '.wit'), text }]);
  } catch (error) {
    if (!(error instanceof WitError)) throw error;
    throw new PypesError('agent_broken', `The .wit cannot be read: ${error.message}`, {
      details: { file: error.file ?? path, line: error.line ?? 1, column: error.column ?? 1 },
      cause: error,
    });
  }
}

/** Empty where they agree. What a component imports has to be in its `.wit`: that is what a person was shown. */
function differenceOf(told: ResolvedWit, world: number, skill: ComponentSkill): string {
  const real = { resolved: skill.resolved, world: skill.resolved.worlds.indexOf(skill.world) };
  const { same, reasons } = sameTypes({ resolved: told, world }, real);
  if (!same)
    return reasons
      .slice(0, 3)
      .map(({ path, what }) => `${path}: ${what}`)
      .join('; ');
  for (const side of ['imports', 'exports'] as const) {
    const names = new Set(namesOf(told, told.worlds[world]?.[side] ?? {}));
    const extra = namesOf(skill.resolved, skill.world[side]).find((name) => !names.has(name));
    if (extra !== undefined) return `it ${side} ${extra}, which the .wit does not`;
  }
  return '';
}

function namesOf(resolved: ResolvedWit, items: ResolvedWit['worlds'][number]['imports']): string[] {
  return Object.entries(items)
    .filter(([, item]) => !('type' in item))
    .map(([key, item]) =>
      'interface' in item ? (interfaceName(resolved, { interface: item.interface.id }) ?? key) : key,
    );
}

/** Component binaries carry no docs. */
function docsOf(told: ResolvedWit): (called: ExportedFunction) => string | undefined {
  const docs = new Map<string, string>();
  for (const [id, { functions }] of told.interfaces.entries()) {
    const home = interfaceName(told, { interface: id });
    for (const { name, docs: text } of Object.values(functions)) {
      if (text?.contents != null) docs.set(`${home}#${name}`, text.contents);
    }
  }
  for (const { exports } of told.worlds) {
    for (const item of Object.values(exports)) {
      if ('function' in item && item.function.docs?.contents != null)
        docs.set(item.function.name, item.function.docs.contents);
    }
  }
  return ({ path }) => docs.get(path);
}
