// Grants by component, as they are written on the command line: `email-sender.network=smtp.example.com:465`.
import { type Permissions, PypesError } from '@pypes/contract';
import { parseGrants } from '../grants/values.ts';

/** By component. @throws PypesError `invalid_request` */
export function parseComponentGrants(texts: readonly string[]): ReadonlyMap<string, Partial<Permissions>> {
  const byName = new Map<string, string[]>();
  for (const text of texts) {
    const [, name, grant] = /^([A-Za-z0-9_-]+)\.([a-z]+=.*)$/s.exec(text) ?? [];
    if (name === undefined || grant === undefined) {
      throw new PypesError('invalid_request', `"${text}" is no COMPONENT.PERMISSION=VALUE`);
    }
    byName.set(name, [...(byName.get(name) ?? []), grant]);
  }
  return new Map([...byName].map(([name, grants]) => [name, parseGrants(grants)]));
}

/** Permissions one by one: `network=api.example.com:443`. */
export function toGrantTexts(permissions: Partial<Permissions>): readonly string[] {
  return Object.entries(permissions).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value]).map((each) => `${name}=${String(each)}`),
  );
}

/** What a blueprint needs to be granted anew. */
export type Needed = { readonly component: string; readonly grants: Partial<Permissions> };

/**
 * A yes on the command line names every permission; more than is needed is no yes to this blueprint.
 *
 * @throws PypesError `invalid_request` with what to write
 */
export function checkGiven(needed: readonly Needed[], given: ReadonlyMap<string, Partial<Permissions>>): void {
  const wanted = needed.flatMap(({ component, grants }) => toGrantTexts(grants).map((text) => `${component}.${text}`));
  const has = [...given].flatMap(([component, grants]) => toGrantTexts(grants).map((text) => `${component}.${text}`));
  const beyond = has.filter((text) => !wanted.includes(text));
  if (beyond.length > 0) {
    throw new PypesError('invalid_request', `The blueprint does not need ${beyond.join(', ')}; nothing was installed`);
  }
  const missing = wanted.filter((text) => !has.includes(text));
  if (missing.length === 0) return;
  const flags = missing.map((text) => `--grant '${text}'`).join(' ');
  throw new PypesError('invalid_request', `It needs more than was granted, and nothing was installed; add ${flags}`);
}
