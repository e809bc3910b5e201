// What a package names of other packages: placeholders that come first in the arenas.
import { noAnnotations } from '../draft.ts';
import { printPackageName, toPackageName } from '../package-names.ts';
import type { TopItem } from '../syntax.ts';
import { findInterface } from './lookup.ts';
import { pathsOf } from './paths.ts';
import { toStability } from './stability.ts';
import { addInterface, addType, addWorld, type PackageState } from './state.ts';

/** A placeholder for each foreign interface and world. */
export const declareForeignItems = (state: PackageState, files: readonly (readonly TopItem[])[]): void => {
  for (const use of files.flatMap(pathsOf)) {
    const {
      package: id,
      id: { name, span },
    } = use.path;
    if (id === undefined) continue;
    const stability = toStability(use.gates);
    const packageName = toPackageName(id);
    const key = printPackageName(packageName);
    const wanted = state.foreign.get(key) ?? { name: packageName, span: id.span, items: new Map() };
    state.foreign.set(key, wanted);
    let entry = wanted.items.get(name);
    if (entry === undefined) {
      const add = use.kind === 'world' ? addWorld(state, '', span) : addInterface(state, null, span);
      if (use.kind === 'interface') state.foreignInterfaces.add(add);
      entry = { item: { kind: use.kind, id: add }, stabilities: [] };
      wanted.items.set(name, entry);
    }
    entry.stabilities.push(stability);
  }
};

/** A placeholder for each type that is used from a foreign interface. */
export const declareForeignTypes = (state: PackageState, files: readonly (readonly TopItem[])[]): void => {
  for (const [file, items] of files.entries()) {
    for (const { names, gates, path } of pathsOf(items)) {
      if (names === undefined) continue;
      const stability = toStability(gates);
      const owner = findInterface(state, file, path);
      if (!state.foreignInterfaces.has(owner)) continue;
      const scope = state.scopes[owner]!;
      for (const {
        id: { name, span },
      } of names) {
        if (scope.has(name)) continue;
        const type = addType(state, {
          ...noAnnotations,
          stability,
          name,
          kind: 'unknown',
          owner: { interface: owner },
          span,
        });
        scope.set(name, { type, span });
        state.interfaces[owner]!.types.set(name, type);
      }
    }
  }
};
