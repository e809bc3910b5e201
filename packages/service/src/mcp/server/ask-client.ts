// Asks a client of 2025-11-25 what a task waits for: with requests of its own, while the client waits for the result.
import { type InputRequests, RELATED_TASK_META_KEY, type ServerContext } from '@modelcontextprotocol/server';
import type { Json, JsonObject } from '@pypes/contract';

const PERSON_MS = 600_000;

/** Sends every request; the answers by their keys. Rejects where the client cannot be asked. */
export async function answerFrom(
  { mcpReq }: ServerContext,
  requests: InputRequests,
  taskId: string,
): Promise<JsonObject> {
  const answers = Object.entries(requests).map(async ([key, request]) => {
    const params = { ...request.params, _meta: { [RELATED_TASK_META_KEY]: { taskId } } };
    const answer = await mcpReq.send({ ...request, params } as never, { timeout: PERSON_MS, signal: mcpReq.signal });
    return [key, answer as unknown as Json] as const;
  });
  return Object.fromEntries(await Promise.all(answers));
}
