// Turns the names of one object or choice into WIT names, refusing what would become one name.
import { JsonSchemaError } from './errors.ts';
import { toWitName } from './wit-names.ts';

/**
 * The WIT names, in the same order.
 *
 * @throws JsonSchemaError for a name of which nothing is left, and for two that become one
 */
export function uniqueNames(names: readonly string[], pointer: string): readonly string[] {
  const seen = new Map<string, string>();
  return names.map((name) => {
    const made = toWitName(name);
    if (made === undefined) throw new JsonSchemaError(pointer, `"${name}" cannot be made a WIT name`);
    // WIT holds names that differ only in case for the same.
    const other = seen.get(made.toLowerCase());
    if (other !== undefined) {
      throw new JsonSchemaError(pointer, `"${other}" and "${name}" would both be named "${made}"`);
    }
    seen.set(made.toLowerCase(), name);
    return made;
  });
}
