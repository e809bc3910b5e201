// The texts of a JSON value in document order: keys, strings, and numbers as text.
import type { Json } from '@pypes/contract';

/** Where a value lies. */
export type Place = { readonly parent?: Place; readonly key: string | number };

/** One text of a value. */
export type TextNode = {
  readonly node: number;
  readonly kind: 'key' | 'string' | 'number';
  readonly text: string;
  /** The nearest key that the text is a value of. */
  readonly key: string;
  readonly place: Place | undefined;
};

/** Lists the texts of a value. */
export function textsOf(value: Json): readonly TextNode[] {
  const nodes: TextNode[] = [];
  visit(value, '', undefined, nodes);
  return nodes;
}

function visit(value: Json, key: string, place: Place | undefined, nodes: TextNode[]): void {
  if (typeof value === 'string') nodes.push({ node: nodes.length, kind: 'string', text: value, key, place });
  else if (typeof value === 'number') {
    nodes.push({ node: nodes.length, kind: 'number', text: String(value), key, place });
  } else if (Array.isArray(value)) {
    for (const [index, item] of (value as readonly Json[]).entries()) visit(item, key, toPlace(place, index), nodes);
  } else if (value !== null && typeof value === 'object') {
    for (const [name, item] of Object.entries(value)) {
      const inner = toPlace(place, name);
      nodes.push({ node: nodes.length, kind: 'key', text: name, key, place: inner });
      visit(item, name, inner, nodes);
    }
  }
}

function toPlace(parent: Place | undefined, key: string | number): Place {
  return parent === undefined ? { key } : { parent, key };
}

/** The value with every text replaced. Numbers the texts as {@link textsOf} does. */
export function replaceTexts(value: Json, replace: (node: number, text: string | number) => string | number): Json {
  let node = 0;
  const rebuild = (one: Json): Json => {
    if (typeof one === 'string' || typeof one === 'number') return replace(node++, one);
    if (Array.isArray(one)) return (one as readonly Json[]).map(rebuild);
    if (one === null || typeof one !== 'object') return one;
    const taken = new Set<string>();
    return Object.fromEntries(
      Object.entries(one).map(([name, item]) => {
        const key = unused(String(replace(node++, name)), taken);
        taken.add(key);
        return [key, rebuild(item)];
      }),
    );
  };
  return rebuild(value);
}

/** Two keys that look the same once they are masked both stay. */
function unused(key: string, taken: ReadonlySet<string>): string {
  let name = key;
  for (let n = 2; taken.has(name); n++) name = `${key} (${n})`;
  return name;
}
