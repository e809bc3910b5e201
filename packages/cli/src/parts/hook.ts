// The one place where parts are found: a module that names a package of one gets it from where it was added.
import { registerHooks } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { PypesError } from '@pypes/contract';
import { checkAdded } from './added.ts';
import { commandFor, type PartPlaces } from './places.ts';
import { type Part, partOf } from './table.ts';

/**
 * From now on, imports of this thread find parts. A package that is installed beside Pypes goes first, so that a
 * project can bring its own.
 *
 * An import that finds neither throws PypesError `unsupported` with details `{part, command}`.
 */
export function findParts(places: PartPlaces): void {
  registerHooks({
    resolve(specifier, context, nextResolve) {
      const part = partOf(specifier);
      if (part === undefined) return nextResolve(specifier, context);
      try {
        return nextResolve(specifier, context);
      } catch (error) {
        if ((error as { readonly code?: unknown }).code !== 'ERR_MODULE_NOT_FOUND') throw error;
      }
      const state = checkAdded(places, part.name);
      if (state !== 'ready') throw toMissing(part, state);
      const parentURL = pathToFileURL(join(places.added, part.name, 'package.json')).href;
      return nextResolve(specifier, { ...context, parentURL });
    },
  });
}

function toMissing({ name, purpose }: Part, state: 'outdated' | 'missing'): PypesError {
  const command = commandFor(name);
  const fact = state === 'missing' ? 'is not on this machine' : 'was added by another version of Pypes';
  return new PypesError('unsupported', `The part "${name}" (${purpose}) ${fact}; get it with: ${command}`, {
    details: { part: name, command },
  });
}
