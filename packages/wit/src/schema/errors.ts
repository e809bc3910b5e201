// What the WIT side of JSON Schema refuses: types that JSON cannot carry, and schemas that no WIT type describes.

/** Why a WIT type has no JSON form. */
export type UnsupportedCode =
  | 'stream'
  | 'future'
  | 'error-context'
  /** A name that is no WIT identifier: only a damaged binary has one. */
  | 'name'
  /** A map whose key is no boolean, integer, char or string. */
  | 'map-key'
  /** Nested deeper than any validator of components accepts, or in a circle. */
  | 'depth'
  /** An index that names no definition. */
  | 'index'
  /** A resource used where the caller gave no handle table. */
  | 'handle';

/** A type that cannot cross as JSON; `function` is the function that uses it, where one was asked about. */
export class WitUnsupportedError extends Error {
  override readonly name = 'WitUnsupportedError';
  readonly code: UnsupportedCode;
  /** Where in the type: names of fields, cases and parameters, joined by `/`. */
  readonly path: string;
  readonly function: string | undefined;

  constructor(code: UnsupportedCode, path: string, text: string, functionName?: string) {
    const where = functionName === undefined ? '' : `The function "${functionName}" cannot be called with JSON: `;
    super(`${where}${text}${path === '' ? '' : ` (at "${path}")`}`);
    this.code = code;
    this.path = path;
    this.function = functionName;
  }
}

/** A JSON Schema that no WIT type describes; `pointer` is the JSON pointer of the part that has none. */
export class JsonSchemaError extends Error {
  override readonly name = 'JsonSchemaError';
  readonly pointer: string;

  constructor(pointer: string, text: string) {
    super(`The JSON Schema has no WIT type at "${pointer === '' ? '/' : pointer}": ${text}`);
    this.pointer = pointer;
  }
}
