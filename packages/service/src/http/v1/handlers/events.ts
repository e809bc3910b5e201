// Events by polling: the stored lines put together as they are, not one of them parsed.
import { answerText } from '../answers.ts';
import { readInteger } from '../query.ts';
import { type RunsCall, withRun } from './handler.ts';

export async function events(call: RunsCall): Promise<Response> {
  const { query, route, request, options } = call;
  const cursor = query.get('cursor');
  const waitMs = readInteger(query, route, 'wait') * 1_000;
  const { lines, nextCursor, complete } = await withRun(call, (ref) =>
    options.runs.events(ref, {
      limit: readInteger(query, route, 'limit'),
      waitMs,
      ...(cursor === undefined ? {} : { cursor }),
      // A request's signal costs as much as a short call: it is asked for where somebody waits.
      ...(waitMs === 0 ? {} : { signal: request.signal }),
    }),
  );
  return answerText(
    `{"events":[${lines.join(',')}],"next_cursor":${JSON.stringify(nextCursor)},"complete":${complete}}`,
  );
}
