// A process that executes runs: it opens its door, makes itself known to Restate, and gives runs back when it ends.
import { PypesError } from '@pypes/contract';
import type { ExecuteRun } from '@pypes/contract/runs';
import { createEndpointHandler, type EndpointOptions } from '@restatedev/restate-sdk/node';
import { createExecutions } from './executions.ts';
import { openDoor } from './listen.ts';
import type { RestateEngineOptions, RestateWorkerOptions } from './options.ts';
import { register } from './register.ts';
import { defineService } from './service.ts';

/** How long Restate may take to read an answer before its connection is closed. */
const READ_WITHIN_MS = 1000;

const SHARED =
  'Restate sends several runs over one connection, so that some workers may get more of them than others; set its http2-streams-per-connection-limit to 1';

export type Worker = { readonly close: () => Promise<void> };

export async function startWorker(
  execute: ExecuteRun,
  options: RestateEngineOptions,
  signal: AbortSignal,
): Promise<Worker> {
  const { host = '127.0.0.1', port = 9080, url, drainMs = 5000, registerMs = 60_000, ...rest } = options.worker ?? {};
  const executions = createExecutions(execute, toLimits(rest));
  const handler = createEndpointHandler({
    services: [defineService(options, executions)],
    ...(rest.identityKeys === undefined ? {} : { identityKeys: [...rest.identityKeys] }),
    logger: toLogger(options.log),
  });
  const onShared = (): void => options.log?.('warn', SHARED);
  const door = await openDoor({ host, port, handler, isCrowded: executions.isCrowded, onShared });
  const close = async (): Promise<void> => {
    door.shut();
    await executions.close(drainMs);
    await door.destroy(READ_WITHIN_MS);
  };
  try {
    const workerUrl = url ?? `http://${host.includes(':') ? `[${host}]` : host}:${door.port}`;
    const { adminUrl } = options;
    if (adminUrl !== undefined) await register({ adminUrl, workerUrl, withinMs: registerMs, signal });
  } catch (error) {
    await close();
    throw error;
  }
  return { close };
}

function toLimits({ concurrency = 16, patienceMs = 1000 }: RestateWorkerOptions) {
  if (Number.isSafeInteger(concurrency) && concurrency > 0) return { concurrency, patienceMs, random: Math.random };
  throw new PypesError('invalid_request', `concurrency is ${concurrency}; it has to be a whole number from 1`);
}

/**
 * What the SDK says goes to whoever listens, with the run's invocation. Of a single run it says that it began and that its
 * connection broke, which is the course of things: what matters of a run, the run service says itself.
 */
function toLogger(log: RestateEngineOptions['log']): NonNullable<EndpointOptions['logger']> {
  if (log === undefined) return () => undefined;
  return ({ level, context }, message, ...more) => {
    const text = [message, ...more].map((part) => (part instanceof Error ? part.message : String(part))).join(' ');
    if (context === undefined) log(level === 'trace' ? 'debug' : level, text);
    else log(level === 'error' ? 'warn' : 'debug', `${text} (${context.invocationTarget}, ${context.invocationId})`);
  };
}
