// Documentation and stability of a WIT package: binary types have no room for them, so tools put them as JSON into a
// custom section. It is a stranger's JSON: everything in it is checked.

import type { Stability } from '../../resolved.ts';
import { BinaryError, quoted } from '../errors.ts';
import { decodeText } from '../read/reader.ts';
import { customSections } from '../read/sections.ts';

/** Documentation of one thing. */
export type ItemDocs = { readonly docs?: string; readonly stability?: Stability };
export type TypeDocs = ItemDocs & { readonly items: ReadonlyMap<string, string> };
export type InterfaceDocs = ItemDocs & {
  readonly types: ReadonlyMap<string, TypeDocs>;
  readonly functions: ReadonlyMap<string, ItemDocs>;
};
export type WorldDocs = InterfaceDocs & {
  /** By name: interfaces written in the world, imported ones or else exported ones. */
  readonly interfaces: ReadonlyMap<string, InterfaceDocs>;
  /** The same for what is only exported. */
  readonly interfaceExports: ReadonlyMap<string, InterfaceDocs>;
  readonly functionExports: ReadonlyMap<string, ItemDocs>;
  /** By full name: since when a world imports or exports an interface. */
  readonly importStability: ReadonlyMap<string, Stability>;
  readonly exportStability: ReadonlyMap<string, Stability>;
};
export type PackageDocs = {
  /** The package that it is about, if it is not the encoded one. */
  readonly package?: string;
  readonly docs?: string;
  readonly worlds: ReadonlyMap<string, WorldDocs>;
  readonly interfaces: ReadonlyMap<string, InterfaceDocs>;
};

const NAME = 'package-docs';
/** The first version has docs only; the second has stability as well. Both are read in one way. */
const VERSIONS: ReadonlySet<number> = new Set([0, 1]);

/** The documentation in a component's custom sections: one for each package that is documented. */
export const readPackageDocs = (bytes: Uint8Array): readonly PackageDocs[] =>
  customSections(bytes, 'component')
    .filter(({ name }) => name === NAME)
    .map(({ start, end }) => {
      const version = start < end ? (bytes[start] ?? -1) : -1;
      if (!VERSIONS.has(version)) {
        throw new BinaryError(`Expected version 0 or 1 of ${quoted(NAME)}`, start);
      }
      const text = decodeText(bytes.subarray(start + 1, end), 'documentation', start + 1);
      return toPackage(parseJson(text, start + 1), start);
    });

const parseJson = (text: string, at: number): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    throw new BinaryError('Expected documentation in JSON', at);
  }
};

type Fields = ReadonlyMap<string, unknown>;

const fieldsOf = (value: unknown, at: number): Fields => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new BinaryError('Expected an object in the documentation', at);
  }
  return new Map(Object.entries(value));
};

const mapOf = <T>(value: unknown, at: number, change: (value: unknown, at: number) => T): ReadonlyMap<string, T> =>
  value === undefined
    ? new Map()
    : new Map([...fieldsOf(value, at)].map(([name, item]) => [name, change(item, at)] as const));

const textOf = (value: unknown, at: number): string => {
  if (typeof value !== 'string') throw new BinaryError('Expected text in the documentation', at);
  return value;
};

const optionalText = (value: unknown, at: number): string | undefined =>
  value === undefined || value === null ? undefined : textOf(value, at);

const toPackage = (value: unknown, at: number): PackageDocs => {
  const fields = fieldsOf(value, at);
  const about = optionalText(fields.get('package'), at);
  const docs = optionalText(fields.get('docs'), at);
  return {
    ...(about === undefined ? {} : { package: about }),
    ...(docs === undefined ? {} : { docs }),
    worlds: mapOf(fields.get('worlds'), at, toWorld),
    interfaces: mapOf(fields.get('interfaces'), at, toInterface),
  };
};

const toItem = (fields: Fields, at: number): ItemDocs => {
  const docs = optionalText(fields.get('docs'), at);
  const stability = fields.get('stability');
  const known = stability === undefined || stability === null || stability === 'unknown';
  return { ...(docs === undefined ? {} : { docs }), ...(known ? {} : { stability: toStability(stability, at) }) };
};

/** Functions of the first version are documented by text alone. */
const toFunction = (value: unknown, at: number): ItemDocs => {
  if (value === null) return {};
  return typeof value === 'string' ? { docs: value } : toItem(fieldsOf(value, at), at);
};

const toType = (value: unknown, at: number): TypeDocs => {
  const fields = fieldsOf(value, at);
  return { ...toItem(fields, at), items: mapOf(fields.get('items'), at, textOf) };
};

const toInterface = (value: unknown, at: number): InterfaceDocs => {
  const fields = fieldsOf(value, at);
  return {
    ...toItem(fields, at),
    types: mapOf(fields.get('types'), at, toType),
    functions: mapOf(fields.get('funcs'), at, toFunction),
  };
};

const toWorld = (value: unknown, at: number): WorldDocs => {
  const fields = fieldsOf(value, at);
  return {
    ...toInterface(value, at),
    interfaces: mapOf(fields.get('interfaces'), at, toInterface),
    interfaceExports: mapOf(fields.get('interface_exports'), at, toInterface),
    functionExports: mapOf(fields.get('func_exports'), at, toFunction),
    importStability: mapOf(fields.get('interface_import_stability'), at, toStability),
    exportStability: mapOf(fields.get('interface_export_stability'), at, toStability),
  };
};

const toStability = (value: unknown, at: number): Stability => {
  const fields = fieldsOf(value, at);
  const [kind, inside] = [...fields][0] ?? [];
  const inner = fieldsOf(inside, at);
  const gone = optionalText(inner.get('deprecated'), at);
  const deprecated = gone === undefined ? {} : { deprecated: gone };
  if (kind === 'stable') return { stable: { since: textOf(inner.get('since'), at), ...deprecated } };
  if (kind === 'unstable') return { unstable: { feature: textOf(inner.get('feature'), at), ...deprecated } };
  throw new BinaryError(`Expected a stability, found ${quoted(kind ?? '')}`, at);
};
