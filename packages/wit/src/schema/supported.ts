// Tells before anything is built whether a type can cross as JSON, so that what builds on it need not ask again.
import type { ResolvedWit, Type, TypeId } from '../resolved.ts';
import { type UnsupportedCode, WitUnsupportedError } from './errors.ts';
import { type OwnKind, partsOf, type Shape, shapeOf } from './types.ts';

/** The deepest nesting that validators of components accept. */
export const MOST_TYPE_DEPTH = 100;

/**
 * Checks that every part of a type has a JSON form, in time linear in the number of definitions.
 *
 * @param functionName the function that is asked about, for the error
 * @throws WitUnsupportedError
 */
export function assertSupported(resolved: ResolvedWit, type: Type, path = '', functionName?: string): void {
  const depths = new Map<TypeId, number>();
  const refuse = (code: UnsupportedCode, at: string, text: string): never => {
    throw new WitUnsupportedError(code, at, text, functionName);
  };

  const depthOf = (at: Type, level: number, here: string): number => {
    if (level > MOST_TYPE_DEPTH) refuse('depth', here, `It nests types deeper than ${MOST_TYPE_DEPTH}`);
    const shape = named(here, () => shapeOf(resolved, at));
    if (shape === 'error-context')
      refuse('error-context', here, 'It uses an error-context, which exists only in calls');
    if (typeof shape === 'string') return 1;
    const known = depths.get(shape.id);
    if (known !== undefined) {
      if (level + known > MOST_TYPE_DEPTH) refuse('depth', here, `It nests types deeper than ${MOST_TYPE_DEPTH}`);
      return known;
    }
    checkKind(resolved, shape.kind, here, refuse);
    let depth = 1;
    for (const part of partsOf(shape.kind)) {
      depth = Math.max(depth, 1 + depthOf(part.type, level + 1, here === '' ? part.name : `${here}/${part.name}`));
    }
    depths.set(shape.id, depth);
    return depth;
  };

  const named = (here: string, look: () => Shape): Shape => {
    try {
      return look();
    } catch (error) {
      if (error instanceof WitUnsupportedError) return refuse(error.code, here, error.message);
      throw error;
    }
  };

  depthOf(type, 1, path);
}

type Refuse = (code: UnsupportedCode, at: string, text: string) => never;

function checkKind(resolved: ResolvedWit, kind: OwnKind, here: string, refuse: Refuse): void {
  if (kind === 'resource') refuse('handle', here, 'It names a resource where a handle (own or borrow) is wanted');
  if (typeof kind === 'string') return;
  if ('stream' in kind) refuse('stream', here, 'It uses a stream; give it a list instead');
  if ('future' in kind) refuse('future', here, 'It uses a future; return the value itself instead');
  if ('map' in kind && !KEYS.has(shapeOf(resolved, kind.map[0]))) {
    refuse('map-key', here, 'It uses a map whose key is no boolean, integer, char or string');
  }
  for (const name of namesOf(kind)) {
    if (!IDENTIFIER.test(name)) refuse('name', here, `"${name}" is no WIT name`);
  }
}

const IDENTIFIER = /^[a-zA-Z][a-zA-Z0-9]*(-[a-zA-Z0-9]+)*$/;
const KEYS: ReadonlySet<Shape> = new Set([
  'bool',
  'u8',
  'u16',
  'u32',
  'u64',
  's8',
  's16',
  's32',
  's64',
  'char',
  'string',
] as const);

function namesOf(kind: Exclude<OwnKind, string>): readonly string[] {
  if ('record' in kind) return kind.record.fields.map(({ name }) => name);
  if ('variant' in kind) return kind.variant.cases.map(({ name }) => name);
  if ('enum' in kind) return kind.enum.cases.map(({ name }) => name);
  return 'flags' in kind ? kind.flags.flags.map(({ name }) => name) : [];
}
