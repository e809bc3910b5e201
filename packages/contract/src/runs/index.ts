// Runs as they cross boundaries: requests, records, events, cursors, and the interfaces of what keeps and executes them.
export type { ArtifactEntry, ArtifactStore, ByteRange } from './artifacts.ts';
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
export { isTerminal, RUN_STATUSES, type RunRecord, type RunStatus } from './record.ts';
export type { RunError, RunMode, RunRequest } from './request.ts';
export type {
  ClaimOptions,
  RenewedLeases,
  RunLines,
  RunQuery,
  RunRef,
  RunStore,
  RunStream,
} from './store.ts';
export { type RunAccepted, type RunView, toRunView } from './wire.ts';
