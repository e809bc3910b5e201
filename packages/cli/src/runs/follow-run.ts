// A run as it goes on a terminal: its events while it runs, then its result, or why there is none.
import { ERRORS, type ErrorCode, type JsonObject, PypesError } from '@pypes/contract';
import type { RunsClient, RunView } from '@pypes/contract/runs';
import { EXIT } from '../exit.ts';
import { toEventLine } from './event-line.ts';

/** How much is shown. */
export type Showing = { readonly json?: boolean; readonly follow?: boolean };

/** What whoever interrupts a run is told. */
export const CANCELING = 'Canceling the run; once more leaves it';

/** Shows events until the run has ended. */
export async function showEvents(client: RunsClient, runId: string, { json, follow }: Showing): Promise<void> {
  for await (const { event } of client.follow(runId)) {
    if (json === true) {
      if (follow === true) console.log(JSON.stringify(event));
      continue;
    }
    const line = toEventLine(event, follow === true);
    if (line !== undefined) console.error(line);
  }
}

/** The same for a run that was started here: the first interrupt cancels it, the second leaves it. */
export async function followRun(client: RunsClient, runId: string, showing: Showing): Promise<RunView> {
  const stop = () => {
    process.once('SIGINT', () => process.exit(EXIT.runtime));
    console.error(CANCELING);
    client.cancel(runId).catch((error: unknown) => console.error(String(error)));
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  try {
    await showEvents(client, runId, showing);
    return await client.get(runId);
  } finally {
    process.off('SIGINT', stop);
    process.off('SIGTERM', stop);
  }
}

/** @throws PypesError what the run failed with */
export function printResult(view: RunView, { json }: Showing): void {
  const { run_id: run, status, result = null, error } = view;
  if (status === 'finished') {
    if (json === true) console.log(JSON.stringify({ status: 'ok', run, output: result }));
    else console.log(typeof result === 'string' ? result : JSON.stringify(result, null, 2));
    return;
  }
  if (status === 'canceled') throw new PypesError('canceled', 'The run was canceled', { details: { run } });
  const { type = 'internal', message = 'The run failed', details = {} as JsonObject } = error ?? {};
  const code = Object.hasOwn(ERRORS, type) ? (type as ErrorCode) : 'internal';
  throw new PypesError(code, message, { details: { ...details, run } });
}
