// JSON Schemas of what the `/v1` doors take and give: requests are checked with them, OpenAPI is made of them (spec 5).
import type { JsonSchema } from '../json.ts';
import { RUN_EVENT_ACTORS, RUN_EVENT_SEVERITIES, RUN_EVENT_TYPES } from './event.ts';
import { RUN_STATUSES } from './record.ts';

const TEXT = { type: 'string' };
const TIME = { type: 'string', format: 'date-time' };
const DIGEST = { type: 'string', pattern: '^sha256:[0-9a-f]{64}$' };
const OBJECT = { type: 'object' };
const RUN_ID = { type: 'string', pattern: '^[A-Za-z0-9_-]{1,64}$' };
const NAME = { type: 'string', minLength: 1, maxLength: 300 };
const MODE = { enum: ['normal', 'deterministic'] };

/** What an object has; keys that end in `?` may be missing, others that are not named may not be there. */
function closed(properties: { readonly [key: string]: JsonSchema }, rest: JsonSchema = {}): JsonSchema {
  const entries = Object.entries(properties);
  return {
    type: 'object',
    additionalProperties: false,
    required: entries.flatMap(([key]) => (key.endsWith('?') ? [] : [key])),
    properties: Object.fromEntries(entries.map(([key, schema]) => [key.replace(/\?$/, ''), schema])),
    ...rest,
  };
}

const ref = (name: string): JsonSchema => ({ $ref: `#/$defs/${name}` });
const oneOf = (...keys: readonly string[]) => ({ oneOf: keys.map((key) => ({ required: [key] })) });

const SUMMARY = {
  run_id: RUN_ID,
  status: { enum: [...RUN_STATUSES] },
  'agent?': TEXT,
  'pack?': TEXT,
  'blueprint?': TEXT,
  'agreement?': TEXT,
  mode: MODE,
  'metadata?': OBJECT,
  created_at: TIME,
  'started_at?': TIME,
  'finished_at?': TIME,
  'cancel_requested_at?': TIME,
  attempt: { type: 'integer', minimum: 0 },
  'replay_of?': RUN_ID,
  trace_id: { type: 'string', pattern: '^[0-9a-f]{32}$' },
  'error?': ref('RunError'),
  artifact: closed({ url: TEXT, complete: { type: 'boolean' } }),
};

/** Every schema by name. They name each other as `#/$defs/Name`. */
export const RUNS_SCHEMAS = {
  RunRequest: closed(
    {
      'agent?': NAME,
      'pack?': NAME,
      'blueprint?': NAME,
      'agreement?': NAME,
      input: OBJECT,
      'context?': closed({
        'user_guid?': {
          type: 'string',
          pattern: '^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$',
        },
      }),
      'metadata?': OBJECT,
      'mode?': MODE,
    },
    { ...oneOf('agent', 'blueprint', 'agreement'), dependentRequired: { pack: ['agent'] } },
  ),
  RunAccepted: closed({ run_id: RUN_ID, status_url: TEXT, events_url: TEXT, artifact_url: TEXT }),
  RunView: closed({ ...SUMMARY, 'result?': {} }),
  RunSummary: closed(SUMMARY),
  RunList: closed({ runs: { type: 'array', items: ref('RunSummary') }, 'next_cursor?': TEXT }),
  RunError: closed({
    type: TEXT,
    message: TEXT,
    'details?': OBJECT,
    retryable: { type: 'boolean' },
    source: TEXT,
  }),
  ErrorAnswer: closed({ error: ref('RunError') }),
  RunEvent: closed({
    seq: { type: 'integer', minimum: 1 },
    time: TIME,
    run_id: RUN_ID,
    event_type: { enum: [...RUN_EVENT_TYPES] },
    severity: { enum: [...RUN_EVENT_SEVERITIES] },
    actor: { enum: [...RUN_EVENT_ACTORS] },
    trace: closed({
      trace_id: { type: 'string', pattern: '^[0-9a-f]{32}$' },
      span_id: { type: 'string', pattern: '^[0-9a-f]{16}$' },
      'parent_span_id?': { type: 'string', pattern: '^[0-9a-f]{16}$' },
    }),
    attrs: OBJECT,
  }),
  RunEvents: closed({
    events: { type: 'array', maxItems: 500, items: ref('RunEvent') },
    next_cursor: TEXT,
    complete: { type: 'boolean' },
  }),
  ReplayRequest: closed({ 'input?': OBJECT, 'recorded_calls?': { type: 'boolean' } }),
  ArtifactEntry: closed({
    path: TEXT,
    bytes: { type: 'integer', minimum: 0 },
    digest: DIGEST,
    media_type: TEXT,
  }),
  ArtifactIndex: closed({ files: { type: 'array', items: ref('ArtifactEntry') } }),
  EvalRequest: closed(
    {
      'suite_ref?': NAME,
      'suite?': { type: ['object', 'string'] },
      'run_id?': RUN_ID,
      'config_ref?': NAME,
      'baseline?': OBJECT,
      'parallel?': { type: 'integer', minimum: 1 },
      'repeat?': { type: 'integer', minimum: 1 },
    },
    { ...oneOf('suite_ref', 'suite'), not: { required: ['run_id', 'config_ref'] } },
  ),
  EvalAnswer: closed({ scorecard: OBJECT, gate_decision: OBJECT }),
} as const satisfies { readonly [name: string]: JsonSchema };

/** The name of a schema of the `/v1` doors. */
export type RunsSchemaName = keyof typeof RUNS_SCHEMAS;

/**
 * One schema that stands alone.
 *
 * @example
 * compiler.compile(runsSchema('RunRequest'))({ agent: 'echo', input: {} }); // []
 */
export function runsSchema(name: RunsSchemaName): JsonSchema {
  return { ...RUNS_SCHEMAS[name], $defs: RUNS_SCHEMAS };
}
