// What a component asks of its surroundings: which imports there are, which are refused by name, which have to wait.
import { type ImportNeed, PypesError } from '@pypes/contract';
import type { ResolvedWit, World } from '@pypes/wit/resolved';
import { interfaceName } from '@pypes/wit/values';
import type { ComponentSkill, ExportedFunction } from './read/skill.ts';

/** WASI 0.2, as far as it is there: virtual, with nothing of the machine in it (guest/wasi). */
const WASI = /^wasi:([a-z]+)\/([a-z-]+)@0\.2\.\d+$/;
const SERVED: { readonly [group: string]: readonly string[] } = {
  cli: [
    'environment',
    'exit',
    'stdin',
    'stdout',
    'stderr',
    'terminal-input',
    'terminal-output',
    'terminal-stdin',
    'terminal-stdout',
    'terminal-stderr',
  ],
  clocks: ['monotonic-clock', 'wall-clock'],
  filesystem: ['preopens', 'types'],
  http: ['types', 'outgoing-handler'],
  io: ['error', 'poll', 'streams'],
  random: ['random', 'insecure', 'insecure-seed'],
};
/** Functions of WASI that wait. */
const WAITING = [
  '[method]pollable.block',
  'poll',
  '[method]input-stream.blocking-read',
  '[method]input-stream.blocking-skip',
];

/** One imported interface, or the functions that the world itself imports. */
export type Import = {
  /** The key in the imports of the glue. */
  readonly name: string;
  readonly kind: 'wasi' | 'host' | 'component' | 'function';
};

/**
 * The imports of a component.
 *
 * @throws PypesError `agent_broken` that names those which nothing here can give
 */
export function checkImports({ imports }: ComponentSkill, path: string): readonly Import[] {
  const refused: string[] = [];
  const found: Import[] = [];
  for (const { name, kind, interface: full } of imports) {
    const interfaceOf = full ?? name;
    if (kind === 'type') continue;
    if (kind === 'function') found.push({ name, kind });
    else if (kind !== 'interface' || full === undefined) refused.push(`${name} (a ${kind})`);
    else if (isServed(interfaceOf)) found.push({ name, kind: 'wasi' });
    else if (interfaceOf.startsWith('wasi:')) refused.push(name);
    else found.push({ name, kind: interfaceOf.startsWith('pypes:host/') ? 'host' : 'component' });
  }
  if (refused.length === 0) return found;
  throw new PypesError('agent_broken', `The component imports what is not granted here: ${refused.join(', ')}`, {
    details: { file: path, imports: refused },
  });
}

function isServed(name: string): boolean {
  const [, group = '', member = ''] = WASI.exec(name) ?? [];
  return Object.hasOwn(SERVED, group) && (SERVED[group] as readonly string[]).includes(member);
}

/** What a pack has to have before a component of it can run. */
export function needsOf({ resolved, world }: ComponentSkill, imports: readonly Import[]): readonly ImportNeed[] {
  return imports.flatMap(({ name, kind }): ImportNeed[] => {
    if (kind === 'function') return [{ name, agents: [name] }];
    if (kind === 'component') {
      const called = [...importedFunctions(resolved, world)].filter(([home]) => home === name);
      return [{ name, agents: called.map(([, each]) => `${name}#${each}`) }];
    }
    return name.startsWith('wasi:http/outgoing-handler@') ? [{ name, operation: 'fetch' }] : [];
  });
}

/** Imports that answer later, and the exports that may call them; undefined where all answer at once. */
export function waitingOf({ resolved, world, functions }: ComponentSkill, imports: readonly Import[]) {
  const waiting: string[] = [];
  for (const [name, called] of importedFunctions(resolved, world)) {
    const kind = imports.find((each) => each.name === name)?.kind;
    const waits =
      kind === 'wasi'
        ? WAITING.includes(called) || called === '[static]incoming-body.finish'
        : !called.startsWith('[constructor]');
    if (kind !== undefined && waits) waiting.push(kind === 'function' ? called : `${name}#${called}`);
  }
  if (waiting.length === 0) return undefined;
  return { imports: waiting, exports: functions.filter(mayWait).map(({ path }) => path) };
}

/** JavaScript has no constructor that waits. */
function mayWait({ function: called }: ExportedFunction): boolean {
  return !called.name.startsWith('[constructor]');
}

function* importedFunctions(resolved: ResolvedWit, { imports }: World): Generator<readonly [string, string]> {
  for (const [key, item] of Object.entries(imports)) {
    if ('function' in item) yield [key, item.function.name];
    if (!('interface' in item)) continue;
    const name = interfaceName(resolved, { interface: item.interface.id });
    if (name === null) continue;
    for (const called of Object.keys(resolved.interfaces[item.interface.id]?.functions ?? {})) yield [name, called];
  }
}
