// What a run that is repeated is asked for: the same again, on the same version, with its own input or another.
import { PypesError } from '@pypes/contract';
import { isTerminal, type RunRecord, type RunRequest } from '@pypes/contract/runs';
import type { ReplayOptions } from './options.ts';
import type { Versions } from './request/find-target.ts';

/** The request of the repetition. @throws PypesError `conflict` where the run has not ended */
export function toReplay({ run_id: id, status, request, versions }: RunRecord, { input }: ReplayOptions): RunRequest {
  if (!isTerminal(status)) {
    throw new PypesError('conflict', `The run "${id}" is ${status}; a run can be repeated once it has ended`);
  }
  const pack = request.agent === undefined ? undefined : versions?.pack;
  return { ...request, ...(pack === undefined ? {} : { pack }), ...(input === undefined ? {} : { input }) };
}

/** @throws PypesError `conflict` where what ran is not what would run now */
export function checkVersions({ run_id: id, versions = {} }: RunRecord, now: Versions): void {
  const changed = Object.keys(now).filter((name) => versions[name] !== undefined && versions[name] !== now[name]);
  if (changed.length === 0) return;
  throw new PypesError(
    'conflict',
    `What the run "${id}" ran has changed since (${changed.join(', ')}); deploy that version again, or ask for any version`,
    { details: { changed, recorded: versions, present: now } },
  );
}
