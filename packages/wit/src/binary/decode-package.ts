// A WIT package that was encoded as a component: nothing but exported component types, one for all of it (the first
// encoding, whose export ends in `/wit`) or one for each interface and world (the second).

import type { PackageId, ResolvedWit } from '../resolved.ts';
import { addDocs } from './docs/add-docs.ts';
import { BinaryError, quoted } from './errors.ts';
import { type Evaluation, type Externs, evaluate, evaluateBytes } from './evaluate/evaluate.ts';
import type { Extern, Instance } from './evaluate/nodes.ts';
import { rootOf } from './evaluate/nodes.ts';
import { checkInterfaceName, checkLabel, fullNameIn, parseInterfaceName } from './names.ts';
import { addWorld, type Builder, createBuilder, packageNamed } from './resolve/builder.ts';
import { type DraftPackage, toResolved } from './resolve/drafts.ts';
import { namedInterface } from './resolve/interfaces.ts';
import { fillWorld } from './resolve/worlds.ts';

/**
 * A WIT package from its binary form, with documentation and stability where it has them.
 *
 * @throws BinaryError for bytes that are no WIT package
 */
export const decodeWitPackage = (bytes: Uint8Array): { resolved: ResolvedWit; package: PackageId } => {
  const { evaluation, externs } = evaluateBytes(bytes);
  const [first] = externs.exports.keys();
  if (first === undefined || !isWitPackage(externs)) {
    throw new BinaryError('Expected a WIT package: a component that exports nothing but component types', 0);
  }
  const builder = createBuilder(evaluation.budget);
  const isFirstEncoding = parseInterfaceName(first)?.interface === 'wit';
  const home = isFirstEncoding
    ? decodeWhole(builder, evaluation, externs.exports)
    : decodeParts(builder, evaluation, externs.exports);
  addDocs(builder, home, bytes);
  return { resolved: toResolved(builder), package: home.id };
};

/** Whether something exports nothing but component types, as only WIT packages do. */
export const isWitPackage = ({ imports, exports }: Externs): boolean =>
  imports.size === 0 &&
  exports.size > 0 &&
  [...exports.values()].every((extern) => componentType(extern) !== undefined);

/** The component type that is exported; undefined if something else is. */
const componentType = ({ entity }: Extern) => {
  const root = entity.sort === 'type' ? rootOf(entity.type) : undefined;
  return root?.form === 'component' ? root : undefined;
};

/** What an exported component type, or a component in one, imports and exports. */
export const insideOf = (evaluation: Evaluation, extern: Extern): Externs => {
  const { entity } = extern;
  const closure = entity.sort === 'component' ? entity.component : componentType(extern);
  if (closure === undefined) throw new BinaryError(`Expected a component type, found a ${entity.sort}`, entity.at);
  return evaluate(evaluation, closure, {}, entity.at);
};

const decodeWhole = (builder: Builder, evaluation: Evaluation, exports: Instance): DraftPackage => {
  const [[name, extern] = [], more] = exports;
  if (name === undefined || extern === undefined || more !== undefined) {
    throw new BinaryError('Expected one package in a WIT package of the first encoding', extern?.entity.at ?? 0);
  }
  const inside = insideOf(evaluation, extern);
  fillImports(builder, inside.imports);
  const home = packageNamed(builder, checkInterfaceName(name, extern.entity.at).package);
  for (const [text, item] of inside.exports) decodeItem(builder, evaluation, home, text, item);
  return home;
};

const decodeParts = (builder: Builder, evaluation: Evaluation, exports: Instance): DraftPackage => {
  let home: DraftPackage | undefined;
  for (const extern of exports.values()) {
    const { imports, exports: inner } = insideOf(evaluation, extern);
    const { at } = extern.entity;
    const [[name, item] = [], more] = inner;
    if (name === undefined || item === undefined || more !== undefined) {
      throw new BinaryError('Expected one interface or world in each part of a WIT package', at);
    }
    fillImports(builder, imports);
    const found = packageNamed(builder, checkInterfaceName(name, at).package);
    home ??= found;
    if (found !== home) throw new BinaryError(`Expected parts of ${quoted(home.name)}, found ${quoted(name)}`, at);
    decodeItem(builder, evaluation, home, name, item);
  }
  if (home === undefined) throw new BinaryError('Expected a WIT package with an interface or a world', 0);
  return home;
};

const fillImports = (builder: Builder, imports: Instance): void => {
  for (const [name, { entity, versionSuffix = '' }] of imports) {
    if (entity.sort !== 'instance') throw new BinaryError(`Expected ${quoted(name)} to be an interface`, entity.at);
    namedInterface(builder, name + versionSuffix, entity.instance, entity.at);
  }
};

/** An interface or a world of the package; the first encoding may leave out the package in its name. */
const decodeItem = (
  builder: Builder,
  evaluation: Evaluation,
  home: DraftPackage,
  text: string,
  extern: Extern,
): void => {
  const { entity } = extern;
  const isFull = text.includes('/');
  const name = isFull ? checkInterfaceName(text, entity.at) : { package: home.name, interface: text };
  checkLabel(name.interface, 'the name of an interface or a world', entity.at);
  if (name.package !== home.name) {
    throw new BinaryError(`Expected something of ${quoted(home.name)}, found ${quoted(text)}`, entity.at);
  }
  if (entity.sort === 'instance') {
    namedInterface(builder, isFull ? text : fullNameIn(home.name, text), entity.instance, entity.at);
    return;
  }
  const externs = insideOf(evaluation, extern);
  fillWorld(builder, addWorld(builder, name.interface, home, entity.at), home, externs);
};
