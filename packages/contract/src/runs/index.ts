// Runs as they cross boundaries: requests, records, events, cursors, and the interfaces of what keeps and executes them.
export {
  type ArtifactIndex,
  type EvalAnswer,
  type EvalRequest,
  type ReplayRequest,
  type RunEvents,
  type RunList,
  type RunSummary,
  toRunSummary,
} from './answers.ts';
export type { ArtifactEntry, ArtifactStore, ByteRange } from './artifacts.ts';
export { createRunsClient, type RunsClient, type RunsClientOptions } from './client.ts';
export { parseEventCursor, toEventCursor } from './cursor.ts';
export type { ExecuteRun, RunEngine } from './engine.ts';
export {
  RUN_EVENT_ACTORS,
  RUN_EVENT_SEVERITIES,
  RUN_EVENT_TYPES,
  type RunEvent,
  type RunEventActor,
  type RunEventSeverity,
  type RunEventType,
  type RunTrace,
} from './event.ts';
export type { FollowedEvent } from './follow.ts';
export { isTerminal, RUN_STATUSES, type RunRecord, type RunStatus } from './record.ts';
export type { RunError, RunMode, RunRequest } from './request.ts';
export {
  RUNS_ROUTES,
  RUNS_SCOPES,
  type RunsAnswer,
  type RunsParameter,
  type RunsRoute,
  type RunsRouteId,
  type RunsScope,
  runsPath,
  runsRoute,
  runsStatus,
} from './routes.ts';
export { RUNS_SCHEMAS, type RunsSchemaName, runsSchema } from './schemas.ts';
export type {
  ClaimOptions,
  RenewedLeases,
  RunLines,
  RunQuery,
  RunRef,
  RunStore,
  RunStream,
  StaleOptions,
} from './store.ts';
export { type RunAccepted, type RunView, toRunView } from './wire.ts';
