// How the glue spells the names of WIT.
import { toCamelCase } from '@pypes/wit/values';

/** How the glue names the class of a resource. */
export function toPascalCase(name: string): string {
  const camel = toCamelCase(name);
  return camel.charAt(0).toUpperCase() + camel.slice(1);
}
