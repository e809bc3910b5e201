/** The defaults of the Scheme shape: names from the file, a schema from descriptions. */
import type { Json } from '../json/convert.ts';

/** The file name without folders and extension. */
const stem = (file: string): string => (/[^/\\]*$/.exec(file)?.[0] ?? '').replace(/\.[^.]*$/, '');

/** The file stem without `_agent`. */
export const defaultName = (file: string): string => stem(file).replace(/_agent$/, '');

const dashes = (text: string): string => text.replaceAll('_', '-');

/** Where the run procedure may be, in order. */
export const runNames = (file: string): string[] => [
  'agent-run',
  `${dashes(stem(file))}-run`,
  `${dashes(defaultName(file))}-run`,
];

/** `{param: "what it is"}` as a JSON Schema; a value that is no text is the parameter's own schema. */
export const parametersSchema = (parameters: Json): Json => {
  if (typeof parameters !== 'object' || parameters === null || Array.isArray(parameters))
    return { type: 'object', properties: {} };
  if (parameters.type === 'object' && typeof parameters.properties === 'object') return parameters;
  const properties = Object.fromEntries(
    Object.entries(parameters).map(([name, what]) => [
      name,
      typeof what === 'object' && what !== null ? what : { type: 'string', description: String(what) },
    ]),
  );
  return { type: 'object', properties };
};
