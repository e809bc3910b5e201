// What a reference can lead to: the places, the identifiers and the anchors of one schema, and nothing beyond it.
import { isJsonObject, type Json, type JsonObject } from '@pypes/contract';

/** A schema with an address of its own: the whole document, or a part with `$id`. */
export type Resource = {
  readonly address: string;
  readonly root: JsonObject;
  readonly anchors: Map<string, JsonObject>;
  readonly dynamicAnchors: Map<string, JsonObject>;
};

/** What a reference leads to, and the resource that its own references are read in. */
export type Target = { readonly schema: JsonObject | boolean; readonly resource: Resource };

export type References = {
  readonly document: Resource;
  /** Some part has `$dynamicRef`. */
  readonly dynamic: boolean;
  /** The resource that a part of the schema lies in. */
  resourceOf(schema: JsonObject): Resource | undefined;
  /** @throws Error where the reference leads nowhere in this schema */
  resolve(reference: string, from: Resource): Target;
};

/** The address of a schema that has none: relative references need one to be relative to. */
const NAMELESS = 'schema://document/';

/** Keywords whose value is data, not a schema. */
const DATA = new Set(['const', 'enum', 'default', 'examples', 'required']);

export function indexReferences(schema: JsonObject): References {
  const resources = new Map<string, Resource>();
  const places = new Map<JsonObject, Resource>();
  const document = addResource(schema, addressOf(schema, NAMELESS) ?? NAMELESS);
  let dynamic = false;
  visit(schema, document);
  return {
    document,
    dynamic,
    resourceOf: (part) => places.get(part),
    resolve(reference, from) {
      const [address, fragment] = split(reference, from.address);
      const resource = resources.get(address);
      const found = resource && findFragment(resource, fragment);
      if (resource === undefined || found === undefined) {
        throw new Error(`"$ref" is ${JSON.stringify(reference)}, which leads nowhere within this schema`);
      }
      return { schema: found, resource: (typeof found === 'object' ? places.get(found) : undefined) ?? resource };
    },
  };

  /** Without recursion: the schema is a stranger's. */
  function visit(whole: JsonObject, within: Resource): void {
    const waiting: [Json, Resource][] = [[whole, within]];
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      const [part, outer] = next;
      if (Array.isArray(part)) for (const element of part) waiting.push([element, outer]);
      if (!isJsonObject(part) || places.has(part)) continue;
      const resource = enterPart(part, outer);
      places.set(part, resource);
      dynamic ||= part.$dynamicRef !== undefined;
      for (const [key, value] of Object.entries(part)) if (!DATA.has(key)) waiting.push([value, resource]);
    }
  }

  function enterPart(part: JsonObject, outer: Resource): Resource {
    const address = part === outer.root ? outer.address : addressOf(part, outer.address);
    const resource = address === undefined || address === outer.address ? outer : addResource(part, address);
    if (typeof part.$id === 'string' && /^#./.test(part.$id)) addAnchor(resource.anchors, part.$id.slice(1), part);
    if (typeof part.$anchor === 'string') addAnchor(resource.anchors, part.$anchor, part);
    if (typeof part.$dynamicAnchor === 'string') {
      addAnchor(resource.anchors, part.$dynamicAnchor, part);
      resource.dynamicAnchors.set(part.$dynamicAnchor, part);
    }
    return resource;
  }

  function addResource(root: JsonObject, address: string): Resource {
    if (resources.has(address)) throw new Error(`"$id" is ${JSON.stringify(root.$id)}, which two of its parts have`);
    const resource = { address, root, anchors: new Map(), dynamicAnchors: new Map() };
    resources.set(address, resource);
    return resource;
  }
}

function addAnchor(anchors: Map<string, JsonObject>, name: string, part: JsonObject): void {
  const known = anchors.get(name);
  if (known !== undefined && known !== part) throw new Error(`The anchor ${JSON.stringify(name)} names two parts`);
  anchors.set(name, part);
}

function addressOf(part: JsonObject, base: string): string | undefined {
  if (typeof part.$id !== 'string' || part.$id === '' || part.$id.startsWith('#')) return undefined;
  return split(part.$id, base)[0];
}

function split(reference: string, base: string): [address: string, fragment: string] {
  if (!URL.canParse(reference, base)) throw new Error(`${JSON.stringify(reference)} is no address within ${base}`);
  const url = new URL(reference, base);
  const fragment = url.hash.slice(1);
  url.hash = '';
  return [url.href, fragment];
}

function findFragment(resource: Resource, fragment: string): JsonObject | boolean | undefined {
  const name = decode(fragment);
  if (name === '') return resource.root;
  if (!name.startsWith('/')) return resource.anchors.get(name);
  let place: Json | undefined = resource.root;
  for (const token of name.slice(1).split('/')) {
    const key = token.replaceAll('~1', '/').replaceAll('~0', '~');
    if (Array.isArray(place)) place = place[Number(key)];
    else place = isJsonObject(place) && Object.hasOwn(place, key) ? place[key] : undefined;
  }
  return typeof place === 'boolean' || isJsonObject(place) ? place : undefined;
}

function decode(fragment: string): string {
  try {
    return decodeURIComponent(fragment);
  } catch {
    return fragment;
  }
}
