// What settings mean together: what one asks of another, and what one is no use without.
import type { Config } from './config.ts';
import { toLimits } from './limits.ts';
import type { Environment, ReadValues } from './read-values.ts';

/** The whole; whatever does not go together is noted, and then the result is of no use. */
export function checkConfig(read: ReadValues, environment: Environment): Config {
  const { service, evals, blueprints, remote } = read.values;
  return {
    service: {
      folders: service.folders,
      root: service.root,
      host: service.host,
      port: service.port,
      origins: service.origins,
      allowHosts: service.allow_hosts.map((name) => name.toLowerCase()),
      logLevel: service.log_level,
      maxBodyBytes: service.max_body_bytes,
    },
    limits: toLimits(read.values.limits),
    auth: checkAuth(read),
    store: checkStore(read, environment),
    artifacts: checkArtifacts(read),
    engine: checkEngine(read),
    telemetry: checkTelemetry(read, environment),
    evals: given({ suites: evals.suites }),
    blueprints: { files: blueprints.files, ...given({ folder: blueprints.folder }) },
    remote: { calls: remote.calls, ...given({ keyFile: remote.key_file }) },
  };
}

/** Whether only this machine can reach an address. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(?:\.\d{1,3}){3}$/.test(host);
}

function checkAuth({ values, tokens, note, originOf, whereOf }: ReadValues): Config['auth'] {
  const { mode } = values.auth;
  const { host } = values.service;
  const hasTokens = originOf('auth.token').from !== 'default';
  if (mode === 'static_token') {
    if (!hasTokens) note(whereOf('auth.mode'), 'The mode "static_token" needs tokens: write [[auth.token]] tables');
    return { mode, tokens };
  }
  if (hasTokens) note(whereOf('auth.token'), 'There are tokens, and nobody asks for them; write mode = "static_token"');
  if (!isLoopback(host)) {
    const asked = originOf('service.host').from === 'default' ? 'auth.mode' : 'service.host';
    note(
      whereOf(asked),
      `Listening on ${host} lets other machines run code here, and [auth] mode is "none"; write mode = "static_token", or leave host out`,
    );
  }
  return { mode };
}

function checkStore({ values, note, originOf, whereOf }: ReadValues, environment: Environment): Config['store'] {
  const { kind, url_env: urlEnv, schema } = values.store;
  if (kind === 'filesystem') {
    noteUnused('store', ['url_env', 'schema'], '"filesystem"', { note, originOf, whereOf });
    return { kind };
  }
  if (urlEnv === undefined) {
    if (originOf('store.url_env').from === 'default') {
      note(whereOf('store.kind'), 'The store "postgres" needs url_env, the environment variable with its address');
    }
  } else if (!isSet(environment, urlEnv)) {
    note(whereOf('store.url_env'), `The environment variable ${urlEnv} is not set; it has to hold the address`);
  }
  return { kind, urlEnv: urlEnv ?? '', schema };
}

function checkArtifacts({ values, note, originOf, whereOf }: ReadValues): Config['artifacts'] {
  const { kind, bucket = '', region = '', endpoint, prefix } = values.artifacts;
  if (kind === 'filesystem') {
    noteUnused('artifacts', ['bucket', 'region', 'endpoint', 'prefix'], '"filesystem"', { note, originOf, whereOf });
    return { kind };
  }
  noteMissing('artifacts', ['bucket', 'region'], '"s3"', { note, originOf, whereOf });
  return { kind, bucket, region, ...given({ endpoint, prefix }) };
}

const RESTATE_KEYS = ['ingress_url', 'admin_url', 'worker_host', 'worker_port', 'worker_url', 'identity_keys'];

function checkEngine({ values, note, originOf, whereOf }: ReadValues): Config['engine'] {
  const { kind, ingress_url: ingressUrl = '', admin_url: adminUrl = '', concurrency } = values.engine;
  const { worker_host: host = '127.0.0.1', worker_port: port, worker_url: url, identity_keys } = values.engine;
  const shared = { concurrency, leaseMs: values.engine.lease_ms, maxAttempts: values.engine.max_attempts };
  if (kind === 'embedded') {
    noteUnused('engine', RESTATE_KEYS, '"embedded"', { note, originOf, whereOf });
    return { kind, ...shared };
  }
  noteMissing('engine', ['ingress_url', 'admin_url'], '"restate"', { note, originOf, whereOf });
  const worker = { host, port, identityKeys: identity_keys, ...given({ url }) };
  return { kind, ingressUrl, adminUrl, worker, ...shared };
}

function checkTelemetry({ values, note, whereOf }: ReadValues, environment: Environment): Config['telemetry'] {
  const {
    otlp_endpoint: otlpEndpoint,
    otlp_headers_env: otlpHeadersEnv,
    service_name,
    traces,
    metrics,
  } = values.telemetry;
  if (otlpHeadersEnv !== undefined) {
    const at = whereOf('telemetry.otlp_headers_env');
    if (otlpEndpoint === undefined)
      note(at, '"otlp_headers_env" is of no use without otlp_endpoint; add that, or leave it out');
    else if (!isSet(environment, otlpHeadersEnv)) {
      note(at, `The environment variable ${otlpHeadersEnv} is not set; it has to hold the headers`);
    }
  }
  return { serviceName: service_name, traces, metrics, ...given({ otlpEndpoint, otlpHeadersEnv }) };
}

type Places = Pick<ReadValues, 'note' | 'originOf' | 'whereOf'>;

function noteUnused(section: string, keys: readonly string[], kind: string, { note, originOf, whereOf }: Places): void {
  for (const key of keys) {
    const name = `${section}.${key}`;
    if (originOf(name).from === 'default') continue;
    note(
      whereOf(name),
      `"${key}" of [${section}] is of no use with the kind ${kind}; change the kind, or leave it out`,
    );
  }
}

function noteMissing(
  section: string,
  keys: readonly string[],
  kind: string,
  { note, originOf, whereOf }: Places,
): void {
  for (const key of keys) {
    if (originOf(`${section}.${key}`).from !== 'default') continue;
    note(whereOf(`${section}.kind`), `The kind ${kind} of [${section}] needs "${key}"`);
  }
}

function isSet(environment: Environment, name: string): boolean {
  return environment[name] !== undefined && environment[name] !== '';
}

/** Leaves out what was not given. */
function given<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
