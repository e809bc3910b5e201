// What a component or a component type imports and exports as a world.

import type { TypeId } from '../../resolved.ts';
import { BinaryError, quoted } from '../errors.ts';
import type { Externs } from '../evaluate/evaluate.ts';
import type { Entity, Extern } from '../evaluate/nodes.ts';
import { checkLabel, parseFunctionName } from '../names.ts';
import type { Builder } from './builder.ts';
import type { DraftInterface, DraftItem, DraftPackage, DraftWorld } from './drafts.ts';
import { convertFunction } from './functions.ts';
import { inlineInterface, namedInterface } from './interfaces.ts';
import { checkSameFunction, checkSameType } from './match.ts';
import { declareType } from './types.ts';

/** Where something of a world goes. */
type Place = {
  readonly builder: Builder;
  readonly world: DraftWorld;
  readonly home: DraftPackage;
  readonly side: 'imports' | 'exports';
};

type Of<S extends Entity['sort']> = Entity & { readonly sort: S };

/**
 * Adds imports and exports to a world. What it has already must agree: several worlds in one module become one. Core
 * modules, components and values that are imported are no part of a world.
 */
export const fillWorld = (builder: Builder, world: DraftWorld, home: DraftPackage, externs: Externs): void => {
  for (const side of ['imports', 'exports'] as const) {
    for (const [name, extern] of externs[side]) addItem({ builder, world, home, side }, name, extern);
  }
};

const addItem = (place: Place, text: string, extern: Extern): void => {
  const { entity } = extern;
  if (entity.sort === 'instance') addInterface(place, text, extern, entity);
  else if (entity.sort === 'function') addFunction(place, text, entity);
  else if (entity.sort === 'type' && place.side === 'imports') addType(place, text, entity);
  else if (place.side === 'exports') {
    throw new BinaryError(
      `Expected a function or an instance to be exported, found a ${entity.sort} ${quoted(text)}`,
      entity.at,
    );
  }
};

const addFunction = ({ builder, world, side }: Place, text: string, { type, at }: Of<'function'>): void => {
  const { name } = parseFunctionName(text, at);
  const known = world[side].get(name);
  if (known === undefined) {
    world[side].set(name, { function: convertFunction(builder, text, type, typesOf(world), at) });
  } else if ('function' in known) {
    checkSameFunction(builder, text, type, known.function, at);
  } else {
    throw twice(name, at);
  }
};

const addType = ({ builder, world }: Place, text: string, { type, at }: Of<'type'>): void => {
  const name = checkLabel(text, 'the name of a type', at);
  const known = world.imports.get(name);
  if (known === undefined) {
    world.imports.set(name, { type: declareType(builder, { world: world.id }, name, type, at) });
  } else if ('type' in known) {
    checkSameType(builder, name, type, known.type, at);
  } else {
    throw twice(name, at);
  }
};

const typesOf =
  (world: DraftWorld) =>
  (name: string): TypeId | undefined => {
    const item = world.imports.get(name);
    return item !== undefined && 'type' in item ? item.type : undefined;
  };

const addInterface = (
  { builder, world, home, side }: Place,
  text: string,
  { implements: stands, versionSuffix = '' }: Extern,
  { instance, at }: Of<'instance'>,
): void => {
  const own = stands === undefined && text.includes('/') ? undefined : ownName(text, stands !== undefined, at);
  const full = own === undefined ? text : stands;
  const found: DraftInterface =
    full === undefined
      ? inlineInterface(builder, home, instance)
      : namedInterface(builder, full + versionSuffix, instance, at);
  const key = own ?? `interface-${found.id}`;
  const known: DraftItem | undefined = world[side].get(key);
  if (known !== undefined && !('interface' in known && known.interface.id === found.id)) throw twice(key, at);
  world[side].set(key, { interface: { id: found.id } });
};

/** The name of its own that an interface has in a world. */
const ownName = (text: string, stands: boolean, at: number): string => {
  const label = checkLabel(text.replace(/^\[implements=<[^>]*>\]/, ''), 'the name of an interface', at);
  // Keys of this form stand for interfaces without a name of their own.
  if (stands && /^interface-\d+$/.test(label)) {
    throw new BinaryError(`Expected a name other than interface-<number>, found ${quoted(label)}`, at);
  }
  return label;
};

const twice = (name: string, at: number): BinaryError =>
  new BinaryError(`Expected each name once, found ${quoted(name)} twice`, at);
