// What a file is and what it asks for, without decoding all of it: enough to choose a decoder, or to refuse a component
// whose imports were not granted.

import { isWitPackage } from './decode-package.ts';
import { BinaryError } from './errors.ts';
import { evaluateBytes } from './evaluate/evaluate.ts';
import { createBudget } from './limits.ts';
import { readComponent } from './read/component.ts';
import type { Sort } from './read/declarations.ts';
import { layerOf } from './read/sections.ts';

/** What a WebAssembly file can be. A WIT package is a component that exports nothing but types. */
export type BinaryKind = 'component' | 'core-module' | 'wit-package';

/** What a file is; undefined if it is no WebAssembly, or of a version not known here. Says nothing about its validity. */
export const kindOfBinary = (bytes: Uint8Array): BinaryKind | undefined => {
  const layer = layerOf(bytes);
  if (layer !== 'component') return layer;
  try {
    return isWitPackage(evaluateBytes(bytes).externs) ? 'wit-package' : 'component';
  } catch (error) {
    if (error instanceof BinaryError) return 'component';
    throw error;
  }
};

/** An import of a component: its name as the binary has it, and the full name of the interface if it is one. */
export type ImportedItem = {
  readonly name: string;
  readonly kind: 'interface' | 'function' | 'type' | 'component' | 'core-module' | 'value';
  readonly interface?: string;
};

/**
 * Everything that a component imports, also what no WIT world speaks of (core modules, components). Cheap: types are not
 * looked at.
 *
 * @throws BinaryError for bytes that are no component
 */
export const describeImports = (bytes: Uint8Array): readonly ImportedItem[] => {
  const items: ImportedItem[] = [];
  for (const declaration of readComponent(bytes, createBudget(bytes.length))) {
    if (declaration.op !== 'import') continue;
    const { name, implements: stands, versionSuffix = '' } = declaration.name;
    const { sort } = declaration.is;
    const full = stands ?? (sort === 'instance' && name.includes('/') ? name : undefined);
    items.push({
      name,
      kind: kindOf(sort),
      ...(full === undefined ? {} : { interface: full + versionSuffix }),
    });
  }
  return items;
};

const kindOf = (sort: Exclude<Sort, 'core'>): ImportedItem['kind'] => (sort === 'instance' ? 'interface' : sort);
