// Makes workers known to Restate: it asks them what they serve, and sends runs to their address from then on.
import { setTimeout as sleep } from 'node:timers/promises';
import { PypesError } from '@pypes/contract';

export type Registration = {
  readonly adminUrl: string;
  /** The workers' address, as Restate reaches it. */
  readonly workerUrl: string;
  readonly withinMs: number;
  readonly signal: AbortSignal;
};

const AGAIN_AFTER_MS = 250;
const ANSWER_WITHIN_MS = 10_000;

/**
 * Every worker does so when it starts. The address is the same for all, so nothing changes by it, unless the limits that
 * the service carries have changed: these are taken over. Tries again while Restate, or the way to the workers, comes up.
 *
 * @throws PypesError `unavailable` where it did not come up within the time
 */
export async function register({ adminUrl, workerUrl, withinMs, signal }: Registration): Promise<void> {
  const until = performance.now() + withinMs;
  for (;;) {
    const problem = await refused(adminUrl, workerUrl, signal);
    if (problem === undefined) return;
    signal.throwIfAborted();
    if (performance.now() > until) {
      throw new PypesError(
        'unavailable',
        `Restate at ${adminUrl} could not be told of the workers at ${workerUrl}: ${problem}`,
      );
    }
    await sleep(AGAIN_AFTER_MS, undefined, { signal });
  }
}

async function refused(adminUrl: string, uri: string, signal: AbortSignal): Promise<string | undefined> {
  try {
    const response = await fetch(`${adminUrl}/deployments`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ uri, force: true }),
      signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_WITHIN_MS)]),
    });
    const text = await response.text();
    return response.ok ? undefined : `status ${response.status}, ${text.slice(0, 300)}`;
  } catch (error) {
    // What fetch throws says only that it failed; why is in its cause.
    const reason = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    return reason instanceof Error ? reason.message : String(reason);
  }
}
