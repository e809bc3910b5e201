// Compiles types to codecs, each definition once however often it is used.
import type { ResolvedWit, Type, TypeId } from '../resolved.ts';
import { WitUnsupportedError } from '../schema/errors.ts';
import { assertSupported } from '../schema/supported.ts';
import { definitionOf, type OwnKind, optionDepth, shapeOf } from '../schema/types.ts';
import type { Codec } from './codec.ts';
import { float } from './floats.ts';
import { type HandleTable, type HandleType, handle } from './handle.ts';
import { interfaceName } from './interface-name.ts';
import { fixedList, list, tuple } from './list.ts';
import { map } from './map.ts';
import { enumeration, flags } from './names-of.ts';
import { bytes, isNumeric, numbers } from './numbers.ts';
import { option } from './option.ts';
import { record } from './record.ts';
import { bool, char, smallInteger, text } from './scalars.ts';
import { variant } from './variant.ts';
import { wideInteger } from './wide-integers.ts';

/** Compiles types of one resolved WIT. */
export type Builder = (type: Type, path?: string, functionName?: string) => Codec;

/** A builder that remembers what it built. */
export function createBuilder(resolved: ResolvedWit, handles: HandleTable | undefined): Builder {
  const built = new Map<TypeId | string, Codec>();

  const build = (type: Type): Codec => {
    const shape = shapeOf(resolved, type);
    const key = typeof shape === 'string' ? shape : shape.id;
    const known = built.get(key);
    if (known !== undefined) return known;
    const codec = typeof shape === 'string' ? primitive(shape) : composite(shape.kind, shape.id);
    built.set(key, codec);
    return codec;
  };

  const composite = (kind: OwnKind, id: TypeId): Codec => {
    if (kind === 'resource') throw new WitUnsupportedError('handle', '', 'A resource is used without own or borrow');
    if ('record' in kind) {
      return record(kind.record.fields.map((field) => ({ name: field.name, codec: build(field.type) })));
    }
    if ('variant' in kind)
      return variant(
        kind.variant.cases.map(({ name, type }) => caseOf(name, type)),
        false,
      );
    if ('result' in kind) {
      return variant([caseOf('ok', kind.result.ok), caseOf('err', kind.result.err)], true);
    }
    if ('enum' in kind) return enumeration(kind.enum.cases.map(({ name }) => name));
    if ('flags' in kind) return flags(kind.flags.flags.map(({ name }) => name));
    if ('option' in kind) return option(build(kind.option), optionDepth(resolved, id));
    if ('tuple' in kind) return tuple(kind.tuple.types.map(build));
    if ('list' in kind) return listOf(kind.list);
    if ('fixed-length-list' in kind)
      return fixedList(build(kind['fixed-length-list'][0]), kind['fixed-length-list'][1]);
    if ('map' in kind) {
      const keyShape = shapeOf(resolved, kind.map[0]);
      return map(typeof keyShape === 'string' ? keyShape : 'string', build(kind.map[0]), build(kind.map[1]));
    }
    if ('handle' in kind)
      return handleOf('own' in kind.handle ? kind.handle.own : kind.handle.borrow, 'own' in kind.handle);
    throw new WitUnsupportedError('stream' in kind ? 'stream' : 'future', '', 'It has no JSON form');
  };

  const caseOf = (name: string, type: Type | null) => ({ name, codec: type === null ? undefined : build(type) });

  const listOf = (item: Type): Codec => {
    const shape = shapeOf(resolved, item);
    if (shape === 'u8') return bytes;
    return typeof shape === 'string' && isNumeric(shape) ? numbers(shape, build(item)) : list(build(item));
  };

  const handleOf = (resource: TypeId, own: boolean): Codec => {
    if (handles === undefined) {
      throw new WitUnsupportedError('handle', '', 'It uses a resource; give a handle table to compile it');
    }
    const shape = shapeOf(resolved, resource);
    const { name, owner } = definitionOf(resolved, typeof shape === 'string' ? resource : shape.id);
    const type: HandleType = { resource: name ?? 'resource', interface: interfaceName(resolved, owner), own };
    return handle(handles, type);
  };

  return (type, path, functionName) => {
    assertSupported(resolved, type, path, functionName);
    return build(type);
  };
}

function primitive(name: Extract<Type, string>): Codec {
  switch (name) {
    case 'bool':
      return bool;
    case 'string':
      return text;
    case 'char':
      return char;
    case 'u64':
    case 's64':
      return wideInteger(name);
    case 'f32':
    case 'f64':
      return float(name);
    case 'error-context':
      throw new WitUnsupportedError('error-context', '', 'An error-context has no JSON form');
    default:
      return smallInteger(name);
  }
}
