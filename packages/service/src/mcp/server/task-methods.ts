// The methods by which clients follow tasks, in both protocols; a task of somebody else is no task.
import {
  CLIENT_CAPABILITIES_META_KEY,
  MissingRequiredClientCapabilityError,
  ProtocolError,
  ProtocolErrorCode,
  RELATED_TASK_META_KEY,
  type ServerContext,
} from '@modelcontextprotocol/server';
import { isJsonObject, type JsonObject } from '@pypes/contract';
import { TASKS_EXTENSION } from '../call/long.ts';
import type { McpCore } from '../core.ts';
import { isOver, type Task } from '../tasks/tasks.ts';
import { answerFrom } from './ask-client.ts';
import { CURSOR_PARAMS, TASK_PARAMS } from './params.ts';
import type { ProtocolServer } from './protocol-server.ts';
import { toDetailed, toTask2025 } from './task-wire.ts';

/** The methods of the extension (2026-07-28). */
export function addTaskMethods(server: ProtocolServer, { tasks }: McpCore, owner: string): void {
  server.setRequestHandler('tasks/get', { params: TASK_PARAMS }, ({ taskId }, context) => {
    checkExtension(context);
    return toDetailed(known(tasks.get(owner, taskId), taskId));
  });
  server.setRequestHandler('tasks/update', { params: TASK_PARAMS }, ({ taskId, inputResponses }, context) => {
    checkExtension(context);
    const answers = context.mcpReq.inputResponses ?? inputResponses;
    if (!tasks.answer(owner, taskId, isJsonObject(answers) ? answers : {})) throw unknown(taskId);
    return {};
  });
  server.setRequestHandler('tasks/cancel', { params: TASK_PARAMS }, ({ taskId }, context) => {
    checkExtension(context);
    if (!tasks.cancel(owner, taskId)) throw unknown(taskId);
    return {};
  });
}

/** The methods of 2025-11-25. */
export function addTaskMethods2025(server: ProtocolServer, { tasks }: McpCore, owner: string): void {
  server.setRequestHandler('tasks/get', { params: TASK_PARAMS }, ({ taskId }) =>
    toTask2025(known(tasks.get(owner, taskId), taskId)),
  );
  server.setRequestHandler('tasks/list', { params: CURSOR_PARAMS }, () => ({
    tasks: tasks.list(owner).map(toTask2025),
  }));
  server.setRequestHandler('tasks/cancel', { params: TASK_PARAMS }, ({ taskId }) => {
    if (isOver(known(tasks.get(owner, taskId), taskId))) {
      throw new ProtocolError(ProtocolErrorCode.InvalidParams, 'The task is over already');
    }
    tasks.cancel(owner, taskId);
    return toTask2025(known(tasks.get(owner, taskId), taskId));
  });
  server.setRequestHandler('tasks/result', { params: TASK_PARAMS }, async ({ taskId }, context) => {
    const { signal } = context.mcpReq;
    let task = known(tasks.get(owner, taskId), taskId);
    while (!isOver(task) && !signal.aborted) {
      const { requests } = task;
      if (requests === undefined) task = await tasks.change(task, signal);
      else {
        tasks.answer(owner, taskId, await answerFrom(context, requests, taskId));
        task = known(tasks.get(owner, taskId), taskId);
      }
    }
    return resultOf(task);
  });
}

function resultOf({ id, result, error, status }: Task): JsonObject {
  if (error !== undefined) throw new ProtocolError(error.code, error.message, error.data);
  const _meta = { [RELATED_TASK_META_KEY]: { taskId: id } };
  if (result !== undefined) return { ...(result as JsonObject), _meta };
  return { content: [{ type: 'text', text: `The task is ${status}` }], isError: true, _meta };
}

function checkExtension({ mcpReq }: ServerContext): void {
  const declared = (mcpReq.envelope as JsonObject | undefined)?.[CLIENT_CAPABILITIES_META_KEY];
  if (isJsonObject(declared) && isJsonObject(declared.extensions) && declared.extensions[TASKS_EXTENSION] !== undefined)
    return;
  throw new MissingRequiredClientCapabilityError({
    requiredCapabilities: { extensions: { [TASKS_EXTENSION]: {} } },
  } as never);
}

function known(task: Task | undefined, id: string): Task {
  if (task === undefined) throw unknown(id);
  return task;
}

function unknown(id: string): ProtocolError {
  return new ProtocolError(ProtocolErrorCode.InvalidParams, `There is no task "${id.slice(0, 64)}"`);
}
