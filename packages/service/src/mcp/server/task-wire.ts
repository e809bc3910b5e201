// Tasks as the two protocols write them: the extension of 2026-07-28, and what 2025-11-25 had in its core.
import type { JsonObject } from '@pypes/contract';
import { isOver, type Task } from '../tasks/tasks.ts';

const POLL_MS = 500;

/** A task in the extension's words. */
export function toTaskFields(task: Task): JsonObject {
  return {
    taskId: task.id,
    status: task.status,
    ...(task.message === undefined ? {} : { statusMessage: task.message }),
    ...times(task),
    ttlMs: task.ttlMs,
    pollIntervalMs: POLL_MS,
  };
}

/** What `tools/call` answers for a call that became a task. */
export function toCreated(task: Task): JsonObject {
  return { resultType: 'task', ...toTaskFields(task) };
}

/** A task with what came of it, or what it waits for. */
export function toDetailed(task: Task): JsonObject {
  return {
    ...toTaskFields(task),
    ...(task.requests === undefined || isOver(task) ? {} : { inputRequests: task.requests as unknown as JsonObject }),
    ...(task.result === undefined ? {} : { result: { resultType: 'complete', ...(task.result as JsonObject) } }),
    ...(task.error === undefined ? {} : { error: task.error as unknown as JsonObject }),
  };
}

/** A task in the words of 2025-11-25. */
export function toTask2025(task: Task): JsonObject {
  return {
    taskId: task.id,
    status: task.status,
    ...(task.message === undefined ? {} : { statusMessage: task.message }),
    ...times(task),
    ttl: task.ttlMs,
    pollInterval: POLL_MS,
  };
}

function times({ createdAt, updatedAt }: Task): JsonObject {
  return { createdAt: new Date(createdAt).toISOString(), lastUpdatedAt: new Date(updatedAt).toISOString() };
}
