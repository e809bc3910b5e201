// pypes run NAME: an agent, or a blueprint that a service offers, as a durable run.
import { type JsonObject, PypesError } from '@pypes/contract';
import type { RunRequest } from '@pypes/contract/runs';
import { followRun, printResult, type Showing } from './follow-run.ts';
import { type RunsPlace, withRuns } from './open-runs.ts';

/** How it is started. */
export type RunAgentOptions = RunsPlace &
  Showing & {
    readonly pack?: string;
    readonly user?: string;
    readonly blueprint?: boolean;
    readonly deterministic?: boolean;
    readonly idempotencyKey?: string;
    readonly detach?: boolean;
  };

export async function runAgent(name: string, input: JsonObject, options: RunAgentOptions): Promise<void> {
  const { pack, user, blueprint, deterministic, idempotencyKey, detach } = options;
  if (detach === true && options.url === undefined) {
    throw new PypesError('invalid_request', '--detach needs a service that goes on with the run: name it with --url');
  }
  if (blueprint === true && options.url === undefined) {
    throw new PypesError(
      'invalid_request',
      '--blueprint is for a service that offers it: name it with --url; here, name the file: pypes run agent.toml',
    );
  }
  const request: RunRequest = {
    ...(blueprint === true ? { blueprint: name } : { agent: name }),
    ...(pack === undefined ? {} : { pack }),
    input,
    ...(user === undefined ? {} : { context: { user_guid: user } }),
    ...(deterministic === true ? { mode: 'deterministic' } : {}),
  };
  await withRuns(options, 'starts', async (client) => {
    const accepted = await client.create(request, idempotencyKey === undefined ? {} : { idempotencyKey });
    if (detach === true) {
      console.log(options.json === true ? JSON.stringify({ status: 'ok', ...accepted }) : accepted.run_id);
      return;
    }
    printResult(await followRun(client, accepted.run_id, options), options);
  });
}
