// OpenAPI 3.1 of `/v1`, made of the same routes and schemas that requests are answered by.
import type { Json, JsonObject } from '@pypes/contract';
import { RUNS_ROUTES, RUNS_SCHEMAS, type RunsAnswer, type RunsParameter, type RunsRoute } from '@pypes/contract/runs';

let text: string | undefined;

/** The description as it is served. */
export function openApiText(): string {
  text ??= JSON.stringify(buildOpenApi());
  return text;
}

/** The description as data. */
export function buildOpenApi(): JsonObject {
  const routes: readonly RunsRoute[] = RUNS_ROUTES;
  const paths: Record<string, JsonObject> = {};
  for (const route of routes) {
    paths[route.path] = { ...paths[route.path], [route.method.toLowerCase()]: toOperation(route) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Pypes runs',
      version: '1',
      description: 'Start, follow, read, repeat and evaluate runs of agents, blueprints and agreements.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    paths,
    components: {
      schemas: withComponentRefs(RUNS_SCHEMAS) as JsonObject,
      securitySchemes: { token: { type: 'http', scheme: 'bearer', description: 'A token of the operator' } },
    },
  };
}

function toOperation(route: RunsRoute): JsonObject {
  const { id, summary, scope, body, query = [], headers = [], answers } = route;
  const parts = [...route.path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
  const parameters = [
    ...parts.map((name) => toParameter('path', { name, description: PARTS[name] ?? '', schema: { type: 'string' } })),
    ...query.map((one) => toParameter('query', one)),
    ...headers.map((one) => toParameter('header', one)),
  ];
  return {
    operationId: id,
    summary,
    ...(scope === undefined ? { security: [] } : { security: [{ token: [scope] }, {}] }),
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(body === undefined
      ? {}
      : { requestBody: { required: body.required, content: toContent(['application/json'], body.schema) } }),
    responses: Object.fromEntries(Object.entries(answers).map(([status, answer]) => [status, toResponse(answer)])),
  };
}

const PARTS: { readonly [name: string]: string } = {
  id: 'The run',
  path: 'The rest of the address: slashes stand in it as they are',
};

function toParameter(place: string, { name, description, schema }: RunsParameter): JsonObject {
  return { name, in: place, required: place === 'path', description, schema };
}

function toResponse({ description, schema, mediaTypes, headers = [] }: RunsAnswer): JsonObject {
  const types = mediaTypes ?? (schema === undefined ? [] : ['application/json']);
  return {
    description,
    ...(headers.length === 0
      ? {}
      : {
          headers: Object.fromEntries(
            headers.map((one) => [one.name, { description: one.description, schema: one.schema }]),
          ),
        }),
    ...(types.length === 0 ? {} : { content: toContent(types, schema) }),
  };
}

function toContent(types: readonly string[], schema: string | undefined): JsonObject {
  return Object.fromEntries(
    types.map((type) => [
      type,
      type === 'application/json' && schema !== undefined ? { schema: { $ref: `#/components/schemas/${schema}` } } : {},
    ]),
  );
}

/** Contract's schemas name each other where a schema that stands alone has them; here they lie elsewhere. */
function withComponentRefs(value: Json): Json {
  if (Array.isArray(value)) return value.map((item) => withComponentRefs(item as Json));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value as JsonObject).map(([key, item]) => [
      key,
      key === '$ref' && typeof item === 'string'
        ? item.replace('#/$defs/', '#/components/schemas/')
        : withComponentRefs(item),
    ]),
  );
}
