// Instances as interfaces. One that has a full name is filled as it is mentioned, since a binary speaks only of those
// parts of an interface that it uses.

import { BinaryError, quoted } from '../errors.ts';
import type { Entity, Instance } from '../evaluate/nodes.ts';
import { checkInterfaceName, checkLabel, parseFunctionName } from '../names.ts';
import { addInterface, type Builder, interfaceNamed } from './builder.ts';
import type { DraftInterface, DraftPackage } from './drafts.ts';
import { convertFunction } from './functions.ts';
import { checkSameFunction, checkSameType } from './match.ts';
import { declareType } from './types.ts';

/** The interface of a full name, with what the instance says about it. */
export const namedInterface = (builder: Builder, name: string, instance: Instance, at: number): DraftInterface => {
  const found = interfaceNamed(builder, checkInterfaceName(name, at));
  fill(builder, found, instance);
  return found;
};

/** An interface written in a world. */
export const inlineInterface = (builder: Builder, home: DraftPackage, instance: Instance): DraftInterface => {
  const added = addInterface(builder, null, home);
  fill(builder, added, instance);
  return added;
};

const fill = (builder: Builder, draft: DraftInterface, instance: Instance): void => {
  for (const [name, { entity }] of instance) {
    if (entity.sort === 'type') fillType(builder, draft, name, entity);
    else if (entity.sort === 'function') fillFunction(builder, draft, name, entity);
    else {
      throw new BinaryError(
        `Expected an interface of types and functions, found a ${entity.sort} ${quoted(name)}`,
        entity.at,
      );
    }
  }
};

type Of<S extends Entity['sort']> = Entity & { readonly sort: S };

const fillType = (builder: Builder, draft: DraftInterface, text: string, { type, at }: Of<'type'>): void => {
  const name = checkLabel(text, 'the name of a type', at);
  const known = draft.types.get(name);
  if (known !== undefined) checkSameType(builder, name, type, known, at);
  else draft.types.set(name, declareType(builder, { interface: draft.id }, name, type, at));
};

const fillFunction = (builder: Builder, draft: DraftInterface, text: string, { type, at }: Of<'function'>): void => {
  const { name } = parseFunctionName(text, at);
  const known = draft.functions.get(name);
  if (known !== undefined) checkSameFunction(builder, text, type, known, at);
  else
    draft.functions.set(
      name,
      convertFunction(builder, text, type, (found) => draft.types.get(found), at),
    );
};
