// A run as it goes on a terminal: its events while it runs, then its result, or why there is none.
import { setTimeout } from 'node:timers/promises';
import { ERRORS, type ErrorCode, isPypesError, type JsonObject, PypesError } from '@pypes/contract';
import type { RunsClient, RunView } from '@pypes/contract/runs';
import { EXIT } from '../exit.ts';
import { printOutput } from '../terminal.ts';
import { toEventLine } from './event-line.ts';

/** How much is shown. */
export type Showing = { readonly json?: boolean; readonly follow?: boolean };

/** A service is started again within that. */
const MOST_TRIES = 60;
const RETRY_MS = 500;

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
export async function followRun(
  client: RunsClient,
  runId: string,
  showing: Showing,
  retryMs = RETRY_MS,
): Promise<RunView> {
  const stop = () => {
    process.once('SIGINT', () => process.exit(EXIT.runtime));
    console.error(CANCELING);
    client.cancel(runId).catch((error: unknown) => console.error(String(error)));
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  try {
    await showEvents(client, runId, showing);
    return await recordOf(client, runId, retryMs);
  } catch (error) {
    if (!isUnavailable(error)) throw error;
    const message = `${error.message}. The run is ${runId}; what became of it, once the service is back: pypes runs show`;
    throw new PypesError('unavailable', `${message} ${runId}`, { details: { run: runId }, cause: error });
  } finally {
    process.off('SIGINT', stop);
    process.off('SIGTERM', stop);
  }
}

/** The record, after the last event; a service that is started again at that moment is waited for. */
async function recordOf(client: RunsClient, runId: string, retryMs: number): Promise<RunView> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await client.get(runId);
    } catch (error) {
      if (!isUnavailable(error) || tries >= MOST_TRIES) throw error;
      await setTimeout(retryMs);
    }
  }
}

function isUnavailable(error: unknown): error is PypesError {
  return isPypesError(error) && error.code === 'unavailable';
}

/** @throws PypesError what the run failed with */
export function printResult(view: RunView, { json }: Showing): void {
  const { run_id: run, status, result = null, error } = view;
  if (status === 'finished') {
    if (json === true) console.log(JSON.stringify({ status: 'ok', run, output: result }));
    else printOutput(result);
    return;
  }
  if (status === 'canceled') throw new PypesError('canceled', 'The run was canceled', { details: { run } });
  const { type = 'internal', message = 'The run failed', details = {} as JsonObject } = error ?? {};
  const code = Object.hasOwn(ERRORS, type) ? (type as ErrorCode) : 'internal';
  throw new PypesError(code, message, { details: { ...details, run } });
}
