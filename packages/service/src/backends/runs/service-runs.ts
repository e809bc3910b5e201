// The run service of this machine as its configuration has it: stores, engine, blueprints, evaluations, telemetry.
import { createAjvCompiler } from '@pypes/schemas/ajv';
import type { LogEntry } from '../../http/log.ts';
import type { RunsAuth, RunsOptions } from '../../http/v1/index.ts';
import type { LocalPacks } from '../blueprints/local-packs.ts';
import type { Config } from '../config/index.ts';
import type { NodeHost } from '../node-host.ts';
import { openBacking, type WorkerAddress } from './backing.ts';
import { lateBlueprints, lateTelemetry } from './late.ts';
import { createNodeRuns, type NodeRuns } from './node-runs.ts';

/** What a service's runs need to know. */
export type ServiceRunsOptions = {
  readonly host: NodeHost;
  readonly root: string;
  readonly version: string;
  /** The packs of `host` have to lie under these. */
  readonly localPacks: LocalPacks;
  readonly config: Pick<
    Config,
    'service' | 'store' | 'artifacts' | 'engine' | 'telemetry' | 'evals' | 'blueprints' | 'auth'
  >;
  readonly environment: { readonly [name: string]: string | undefined };
  /** Present in a process that executes what an engine gives it. */
  readonly worker?: WorkerAddress;
  readonly log: (entry: LogEntry) => void;
};

/** A suite holds many inputs, so that an evaluation may be larger than a run. */
const SUITE_BODIES = 8;

/** Runs with their door. */
export type ServiceRuns = NodeRuns & { readonly door: RunsOptions; close(graceMs?: number): Promise<void> };

/** @throws PypesError where a store cannot be opened */
export async function openServiceRuns(options: ServiceRunsOptions): Promise<ServiceRuns> {
  const { host, root, localPacks, config, environment, worker, log } = options;
  const { engine, evals, blueprints } = config;
  const backing = await openBacking(config, { environment, log, ...(worker === undefined ? {} : { worker }) });
  const telemetry = lateTelemetry(async () => {
    const { createTelemetry } = await import('@pypes/telemetry');
    return createTelemetry({
      ...telemetryOptions(config.telemetry, environment),
      version: options.version,
      activeRuns: () => kept.runs.active,
      onTrouble: ({ what, message }) => log({ level: 'warn', event: 'telemetry.failed', what, message }),
    });
  });
  const kept = createNodeRuns({
    ...options,
    ...backing,
    blueprints: lateBlueprints(async () => {
      const { createBlueprintRunner } = await import('./blueprint-runner.ts');
      const { createFileOf } = await import('./offered-blueprints.ts');
      return createBlueprintRunner({ host, root, localPacks, fileOf: createFileOf(blueprints), log });
    }),
    // A service that hands runs to an engine leaves them to its workers.
    works: engine.kind === 'embedded' || worker !== undefined,
    concurrency: engine.concurrency,
    leaseMs: engine.leaseMs,
    maxAttempts: engine.maxAttempts,
    observe: telemetry.observe,
  });
  const auth = toRunsAuth(config.auth);
  return {
    ...kept,
    door: {
      runs: kept.runs,
      schemas: createAjvCompiler(),
      async evaluate(request, about) {
        const { createEvaluate } = await import('./evaluate.ts');
        const suites = evals.suites === undefined ? {} : { suites: evals.suites };
        return createEvaluate({ ...kept, host, log, ...suites })(request, about);
      },
      metrics: telemetry.metricsText,
      bodyBytes: config.service.maxBodyBytes,
      evalBodyBytes: config.service.maxBodyBytes * SUITE_BODIES,
      ...(auth === undefined ? {} : { auth }),
    },
    async close(graceMs) {
      await kept.runs.close(graceMs);
      await telemetry.close();
    },
  };
}

/** Without tokens of its own, the door asks for what the service asks for. */
function toRunsAuth(auth: Config['auth']): RunsAuth | undefined {
  if (auth.mode === 'none') return undefined;
  return {
    type: 'static_token',
    tokens: auth.tokens.map(({ name, sha256, scopes, tenants }) => ({
      name,
      sha256,
      scopes,
      tenants: tenants.includes('*') ? '*' : tenants.length === 0 ? [''] : tenants,
    })),
  };
}

function telemetryOptions(
  { otlpEndpoint, otlpHeadersEnv, serviceName, traces, metrics }: Config['telemetry'],
  environment: ServiceRunsOptions['environment'],
) {
  const headers = otlpHeadersEnv === undefined ? undefined : environment[otlpHeadersEnv];
  return {
    serviceName,
    traces,
    metrics,
    ...(otlpEndpoint === undefined ? {} : { otlpEndpoint }),
    ...(headers === undefined ? {} : { headers: parseHeaders(headers) }),
  };
}

function parseHeaders(text: string): { readonly [name: string]: string } {
  return Object.fromEntries(
    text.split(',').map((part) => {
      const cut = part.indexOf('=');
      return [part.slice(0, cut).trim(), part.slice(cut + 1).trim()];
    }),
  );
}
