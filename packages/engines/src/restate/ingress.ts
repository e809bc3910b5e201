// Hands runs to Restate through whichever of its nodes answers, within a bound, so that no caller hangs on it.
import { setTimeout as sleep } from 'node:timers/promises';
import { PypesError } from '@pypes/contract';
import type { RunRef } from '@pypes/contract/runs';
import { connect, HttpCallError, SendOpts } from '@restatedev/restate-sdk-clients';
import type { RestateEngineOptions } from './options.ts';
import { keyOf, type RunService, serviceName } from './service.ts';

export type Ingress = { readonly send: (handler: 'run' | 'cancel', ref: RunRef) => Promise<void> };

/** Sends are durable when they resolve. A node that is slow is not given up: the others are asked besides. */
export function createIngress(options: RestateEngineOptions): Ingress {
  const { ingressUrl, timeoutMs = 2000 } = options;
  const urls = typeof ingressUrl === 'string' ? [ingressUrl] : ingressUrl;
  if (urls.length === 0) throw new PypesError('invalid_request', 'ingressUrl is empty; name at least one address');
  const service = serviceName(options);
  const nodes = urls.map((url) => connect({ url }).serviceSendClient<RunService>({ name: service }));
  let first = 0;

  return {
    async send(handler, ref) {
      const limit = AbortSignal.timeout(timeoutMs);
      const done = new AbortController();
      const signal = AbortSignal.any([limit, done.signal]);
      const attempt = async (node: number): Promise<void> => {
        // Its key keeps a run from being done twice at a time; a cancel may be sent as often as wanted.
        await (handler === 'run'
          ? nodes[node]!.run(ref, SendOpts.from({ signal, idempotencyKey: keyOf(ref) }))
          : nodes[node]!.cancel(ref, SendOpts.from({ signal })));
        first = node;
      };
      const attempts: Promise<void>[] = [];
      try {
        for (const node of nodes.map((_, index) => (first + index) % nodes.length)) {
          attempts.push(attempt(node));
          if (attempts.length < nodes.length && (await answered(attempts, timeoutMs / nodes.length))) return;
        }
        await Promise.any(attempts);
      } catch (error) {
        throw unavailable(service, urls, error);
      } finally {
        done.abort();
      }
    },
  };
}

/** True as soon as one has; false when all have failed, or the time is over: the next node's turn. */
async function answered(attempts: readonly Promise<void>[], withinMs: number): Promise<boolean> {
  const stop = new AbortController();
  const late = sleep(withinMs, false, { signal: stop.signal }).catch(() => false);
  const any = Promise.any(attempts).then(
    () => true,
    () => false,
  );
  const isAnswered = await Promise.race([any, late]);
  stop.abort();
  return isAnswered;
}

function unavailable(service: string, urls: readonly string[], error: unknown): PypesError {
  const causes: readonly unknown[] = error instanceof AggregateError ? error.errors : [error];
  const at = urls.join(', ');
  const answer = causes.find((cause) => cause instanceof HttpCallError);
  if (answer?.status === 404) {
    const todo = 'start a worker, or register one';
    return new PypesError('unavailable', `Restate at ${at} knows no service "${service}"; ${todo}`, { cause: answer });
  }
  const reason = answer === undefined ? 'does not answer' : `answered with status ${answer.status}`;
  return new PypesError('unavailable', `Restate at ${at} ${reason}; see that it runs and has a worker`, {
    cause: answer ?? causes[0],
  });
}
