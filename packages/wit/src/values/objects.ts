// Reads objects that may come from anywhere: own properties only, nothing inherited, nothing unexpected.

/** Tells whether a value is an object as JSON text or a literal gives it, of this realm or another. */
export function isPlainObject(value: unknown): value is { readonly [key: string]: unknown } {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null || Object.getPrototypeOf(prototype) === null;
}

/** Tells whether an object has just these keys in this order: the one shape that is read without further questions. */
export function hasExactly(value: object, names: readonly string[]): boolean {
  let index = 0;
  for (const key in value) {
    if (key !== names[index]) return false;
    index++;
  }
  return index === names.length;
}

/** The value of an own property, undefined for one that is inherited or missing. */
export function ownValue(value: { readonly [key: string]: unknown }, name: string): unknown {
  return Object.hasOwn(value, name) ? value[name] : undefined;
}

/** An own property that is not among the names. */
export function strangeKey(value: object, names: ReadonlySet<string>): string | undefined {
  return Object.keys(value).find((key) => !names.has(key));
}

/** The length of an array, 0 for one that lies about it. */
export function lengthOf(array: readonly unknown[]): number {
  const { length } = array;
  return Number.isSafeInteger(length) && length >= 0 ? length : 0;
}
