// The keywords that clients are given, by the shape of their values: what is not here is taken out of a schema.

/** One subschema. */
export const SCHEMA = new Set([
  'additionalProperties',
  'contains',
  'else',
  'if',
  'items',
  'not',
  'propertyNames',
  'then',
  'unevaluatedItems',
  'unevaluatedProperties',
]);
/** A list of subschemas. */
export const SCHEMA_LIST = new Set(['allOf', 'anyOf', 'oneOf', 'prefixItems']);
/** Subschemas by name. */
export const SCHEMA_MAP = new Set(['dependentSchemas', 'patternProperties', 'properties']);
/** Numbers. */
export const NUMBER = new Set(['exclusiveMaximum', 'exclusiveMinimum', 'maximum', 'minimum', 'multipleOf']);
/** Whole numbers from 0. */
export const COUNT = new Set([
  'maxContains',
  'maxItems',
  'maxLength',
  'maxProperties',
  'minContains',
  'minItems',
  'minLength',
  'minProperties',
]);
export const BOOLEAN = new Set(['deprecated', 'readOnly', 'uniqueItems', 'writeOnly']);
/** Texts for readers. */
export const NOTE = new Set(['contentEncoding', 'contentMediaType', 'description', 'title']);

export const TYPES: ReadonlySet<unknown> = new Set([
  'array',
  'boolean',
  'integer',
  'null',
  'number',
  'object',
  'string',
]);

/** Formats that clients know; others make some of them refuse the tool, and mean nothing to our own check. */
export const FORMATS: ReadonlySet<unknown> = new Set([
  'date',
  'date-time',
  'duration',
  'email',
  'hostname',
  'ipv4',
  'ipv6',
  'json-pointer',
  'regex',
  'time',
  'uri',
  'uri-reference',
  'uuid',
]);

/** Formats and keywords that our own check knows and clients may not: without them, a schema takes more than before. */
export const OURS_ALONE = {
  formats: new Set<unknown>([
    'binary',
    'byte',
    'double',
    'float',
    'int32',
    'int64',
    'iso-date-time',
    'iso-time',
    'json-pointer-uri-fragment',
    'password',
    'relative-json-pointer',
    'uri-template',
    'url',
  ]),
  keywords: new Set(['formatExclusiveMaximum', 'formatExclusiveMinimum', 'formatMaximum', 'formatMinimum']),
};

/** What names schemas beyond pointers from the root. */
export const NAMING = new Set(['$anchor', '$dynamicAnchor', '$dynamicRef', '$recursiveAnchor', '$recursiveRef', 'id']);

/** What 2020-12 brought: in draft 7 these mean nothing. */
export const AFTER_DRAFT_7 = new Set([
  'dependentRequired',
  'dependentSchemas',
  'maxContains',
  'minContains',
  'prefixItems',
  'unevaluatedItems',
  'unevaluatedProperties',
]);
