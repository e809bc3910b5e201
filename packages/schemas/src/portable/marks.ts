// What of an object or an array has been evaluated: `unevaluatedProperties` and `unevaluatedItems` see the rest.

export type Marks = {
  everyProperty: boolean;
  readonly properties: Set<string>;
  /** The number of items evaluated from the start. */
  items: number;
  readonly singleItems: Set<number>;
};

export function createMarks(): Marks {
  return { everyProperty: false, properties: new Set(), items: 0, singleItems: new Set() };
}

export function mergeMarks(into: Marks, from: Marks): void {
  into.everyProperty ||= from.everyProperty;
  into.items = Math.max(into.items, from.items);
  for (const key of from.properties) into.properties.add(key);
  for (const index of from.singleItems) into.singleItems.add(index);
}
