// A finished run as the next case of a suite's file: a run of the service, or one that was run here.
import { isJsonObject, type JsonObject, PypesError } from '@pypes/contract';
import { RUN_STATUSES, type RunStatus } from '@pypes/contract/runs';
import { appendCase, type FinishedRun, formatOf, type SuiteCase, toCase } from '@pypes/host/evals';
import { parseJsonObject } from '../input.ts';
import { readText, writeText } from './files.ts';

/** Adds the case, and gives it. @throws PypesError `invalid_request`, `conflict` */
export function addCase(
  suiteFile: string,
  runText: string,
  options: { readonly id?: string; readonly tags: readonly string[] },
): SuiteCase {
  const added = toCase(parseRun(parseJsonObject(runText, 'The run')), options);
  const longer = appendCase(readText(suiteFile, 'suite'), added, formatOf(suiteFile), suiteFile);
  writeText(suiteFile, longer);
  return added;
}

/** A run's record has its input in its request; where only the result is at hand, `input` stands beside it. */
function parseRun(run: JsonObject): FinishedRun {
  const { run_id: id, status, result, request } = run;
  const input = isJsonObject(request) ? request.input : run.input;
  if (typeof id !== 'string' || id === '' || !isStatus(status) || !isJsonObject(input)) {
    throw new PypesError(
      'invalid_request',
      'The run has to have "run_id", "status", "result", and "input" or "request": {"input": {…}}',
    );
  }
  if (status === 'finished' && result === undefined) {
    throw new PypesError('invalid_request', 'The run is finished and has no "result"');
  }
  return { run_id: id, status, request: { input }, ...(result === undefined ? {} : { result }) };
}

function isStatus(value: unknown): value is RunStatus {
  return RUN_STATUSES.includes(value as RunStatus);
}
