// Bodies of `/v1`: JSON of bounded size and depth, of the shape that the route documents.
import { type JsonObject, PypesError, type SchemaCheck, type SchemaCompiler } from '@pypes/contract';
import { type RunsRoute, type RunsSchemaName, runsSchema } from '@pypes/contract/runs';
import { checkDepth, readJsonObject } from '../body.ts';
import { Refusal } from './answers.ts';

/** Reads a request's body as the route documents it. */
export type ReadBody = (request: Request, route: RunsRoute, mostBytes: number) => Promise<JsonObject>;

/** Schemas are compiled when first needed, once. */
export function createReadBody(schemas: SchemaCompiler): ReadBody {
  const checks = new Map<RunsSchemaName, SchemaCheck>();
  const checkOf = (name: RunsSchemaName) => {
    const check = checks.get(name) ?? schemas.compile(runsSchema(name));
    checks.set(name, check);
    return check;
  };
  return async (request, route, mostBytes) => {
    if (route.body === undefined) return {};
    const type = request.headers.get('content-type');
    if (type === null ? route.body.required : !isJson(type, request)) throw notJson();
    const body = await readJsonObject(request, mostBytes);
    if (type === null && Object.keys(body).length > 0) throw notJson();
    checkDepth(body);
    const errors = checkOf(route.body.schema)(body);
    if (errors.length === 0) return body;
    const list = errors.map(({ path, message }) => ({ path, message }));
    const first = `${list[0]?.path === '' ? 'the body' : list[0]?.path} ${list[0]?.message}`;
    throw new PypesError('invalid_input', `The body has another shape: ${first}`, { details: { errors: list } });
  };
}

function isJson(type: string, { headers }: Request): boolean {
  const [media, ...parameters] = type
    .toLowerCase()
    .split(';')
    .map((part) => part.trim());
  const charset = parameters.find((parameter) => parameter.startsWith('charset='));
  if (media !== 'application/json' || (headers.get('content-encoding') ?? 'identity') !== 'identity') return false;
  return charset === undefined || /^charset="?utf-?8"?$/.test(charset);
}

function notJson(): Refusal {
  return new Refusal(415, 'The body has to be JSON: send Content-Type: application/json, not encoded');
}
