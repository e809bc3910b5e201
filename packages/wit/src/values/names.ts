// The names that jco's glue gives to fields and flags.

/**
 * The lower camel case of a WIT name, as jco-transpile 0.15 writes it (seen in its glue: `my-string` is `myString`,
 * `my-URL` is `myUrl`, `HTTP` is `http`, `a-b2-c` is `aB2C`). Tags of variants and enums keep their WIT names.
 */
export function toCamelCase(name: string): string {
  const [first = '', ...rest] = name.split('-');
  return (
    first.toLowerCase() + rest.map((word) => word.slice(0, 1).toUpperCase() + word.slice(1).toLowerCase()).join('')
  );
}
