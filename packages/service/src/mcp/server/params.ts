// Parameters of methods that the SDK has no schema for.
import type { StandardSchemaV1 } from '@modelcontextprotocol/server';
import { isJsonObject, type JsonObject } from '@pypes/contract';

const LONGEST_ID = 256;

/** Parameters with a task's id. */
export const TASK_PARAMS: StandardSchemaV1<unknown, JsonObject & { readonly taskId: string }> = schemaOf(
  (value): value is JsonObject & { readonly taskId: string } =>
    isJsonObject(value) && typeof value.taskId === 'string' && value.taskId.length <= LONGEST_ID,
  'taskId has to be the id of a task',
);

/** Parameters with a cursor, or without. */
export const CURSOR_PARAMS: StandardSchemaV1<unknown, JsonObject> = schemaOf(isJsonObject, 'there are no parameters');

function schemaOf<T>(fits: (value: unknown) => value is T, message: string): StandardSchemaV1<unknown, T> {
  return {
    '~standard': {
      version: 1,
      vendor: 'pypes',
      validate: (value) => (fits(value) ? { value } : { issues: [{ message }] }),
    },
  };
}
