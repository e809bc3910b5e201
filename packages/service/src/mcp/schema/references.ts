// References inside a schema: whatever a pointer means, it is found below $defs afterwards.
import { isJsonObject, type Json, type JsonSchema } from '@pypes/contract';
import { Unfit } from './unfit.ts';

/** The references of one schema. */
export interface References {
  /** The new text of a reference. @throws Unfit */
  refer(ref: Json): string;
  /** A definition that was referred to, and has not been taken out yet. */
  next(): { readonly name: string; readonly target: Json } | undefined;
}

const MOST_DEFS = 500;
const SAFE_NAME = /^[A-Za-z0-9_.-]{1,64}$/;

/** Follows pointers from the root of `schema`. */
export function createReferences(schema: JsonSchema): References {
  const names = new Map<string, string>();
  const taken = new Set<string>();
  const waiting: { readonly name: string; readonly target: Json }[] = [];

  return {
    refer(ref) {
      if (typeof ref !== 'string' || !ref.startsWith('#')) throw new Unfit(`it refers to ${JSON.stringify(ref)}`);
      let name = names.get(ref);
      if (name === undefined) {
        if (names.size >= MOST_DEFS) throw new Unfit(`it has more than ${MOST_DEFS} definitions`);
        const target = follow(schema, ref);
        name = free(ref, taken);
        taken.add(name);
        names.set(ref, name);
        waiting.push({ name, target });
      }
      return `#/$defs/${name}`;
    },
    next: () => waiting.shift(),
  };
}

function follow(schema: JsonSchema, ref: string): Json {
  if (ref !== '#' && !ref.startsWith('#/')) throw new Unfit(`it refers to the anchor ${JSON.stringify(ref)}`);
  let at: Json | undefined = schema;
  for (const part of ref.split('/').slice(1)) {
    const key = decodePart(part, ref);
    const holder: Json | undefined = at;
    if (Array.isArray(holder)) at = holder[Number(key)] as Json | undefined;
    else at = isJsonObject(holder) && Object.hasOwn(holder, key) ? holder[key] : undefined;
    if (at === undefined) throw new Unfit(`${JSON.stringify(ref)} points to nothing`);
  }
  return at as Json;
}

function decodePart(part: string, ref: string): string {
  try {
    return decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~');
  } catch {
    throw new Unfit(`${JSON.stringify(ref)} is no pointer`);
  }
}

function free(ref: string, taken: ReadonlySet<string>): string {
  const last = ref === '#' ? 'root' : (ref.split('/').at(-1) ?? '');
  const stem = SAFE_NAME.test(last) && last !== '__proto__' ? last : 'definition';
  let name = stem;
  for (let n = 2; taken.has(name); n++) name = `${stem}_${n}`;
  return name;
}
