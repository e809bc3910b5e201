// Every section and setting of pypes.toml, as data: what reads the file, shows it and documents it all work from here.
import { LIMIT_SETTINGS } from './limits.ts';
import {
  choice,
  environmentName,
  flag,
  integer,
  level,
  namedPaths,
  optionalPath,
  optionalText,
  path,
  paths,
  type Setting,
  text,
  texts,
  url,
} from './setting.ts';

const MEBIBYTE = 1024 * 1024;
const DAY_MS = 86_400_000;

/** One table of the file. */
export type Section = { readonly about: string; readonly settings: { readonly [name: string]: Setting<unknown> } };

export const SECTIONS = {
  service: {
    about: 'The process: what it serves, where it keeps things, and who reaches it.',
    settings: {
      folders: paths({
        about: 'Folders of agent files.',
        initial: [],
        initially: '`agents` where there is one, else the current folder',
      }),
      root: path({
        about: 'Where packs, memory, objects, secrets, runs and the audit log are kept.',
        initial: '.pypes',
      }),
      host: text({ about: 'The address to listen on.', initial: '127.0.0.1', takes: 'an address', fits: isAddress }),
      port: integer({ about: 'The port; 0 takes a free one.', initial: 7080, least: 0, most: 65_535 }),
      origins: texts({
        about: 'Web pages that may call, beside those of this machine.',
        initial: [],
        takes: 'a list of origins such as "https://chat.example.com"',
        fits: isOrigin,
      }),
      allow_hosts: texts({
        about: 'Host names that requests may use, beside those of this machine.',
        initial: [],
        takes: 'a list of host names without ports',
        fits: isAddress,
      }),
      log_level: level({ about: 'How much is logged.', initial: 'info' }),
      max_body_bytes: integer({
        about: 'Bytes of the body of one request to `/v1`.',
        initial: 2 * MEBIBYTE,
        least: 1024,
        most: 1024 * MEBIBYTE,
      }),
    },
  },
  limits: {
    about: 'What one call may use. Crossing one stops the call, with an error that names it.',
    settings: LIMIT_SETTINGS,
  },
  auth: {
    about: 'Who may use `/v1`. Without tokens the service listens on this machine alone.',
    settings: {
      mode: choice(['none', 'static_token'], {
        about: '`"none"` is refused where other machines can reach the service.',
        initial: 'none',
      }),
    },
  },
  store: {
    about: 'Where runs and their events are kept.',
    settings: {
      kind: choice(['filesystem', 'postgres'], { about: 'Below the root, or in a database.', initial: 'filesystem' }),
      url_env: environmentName({
        about: 'For `"postgres"`: which environment variable holds `postgres://user:password@host:port/database`.',
        initial: undefined,
      }),
      schema: text({
        about: 'For `"postgres"`: the schema of the tables, which is made where it is not there.',
        initial: 'pypes',
        takes: 'small letters, digits and "_", at most 40',
        fits: (name) => /^[a-z_][a-z0-9_]{0,39}$/.test(name),
      }),
    },
  },
  artifacts: {
    about: 'Where files of runs are kept. Keys for S3 come from the places where its own tools look for them.',
    settings: {
      kind: choice(['filesystem', 's3'], { about: 'Below the root, or in a bucket.', initial: 'filesystem' }),
      bucket: optionalText({
        about: 'For `"s3"`: the bucket.',
        initial: undefined,
        takes: 'the name of a bucket',
        fits: (name) => /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name),
      }),
      region: optionalText({ about: 'For `"s3"`: the region.', initial: undefined }),
      endpoint: url({ about: 'For `"s3"`: a server other than Amazon’s.', initial: undefined }),
      prefix: optionalText({ about: 'For `"s3"`: what the name of every file begins with.', initial: undefined }),
    },
  },
  engine: {
    about: 'Who executes runs: this process, or workers that an engine finds.',
    settings: {
      kind: choice(['embedded', 'restate'], { about: 'In this process, or through Restate.', initial: 'embedded' }),
      ingress_url: url({ about: 'For `"restate"`: where runs are handed in.', initial: undefined }),
      admin_url: url({ about: 'For `"restate"`: where workers are made known.', initial: undefined }),
      worker_host: optionalText({
        about: 'For `"restate"`: where a worker listens for it; 127.0.0.1 unless said.',
        initial: undefined,
      }),
      worker_port: integer({
        about: 'For `"restate"`: the port there.',
        initial: 9_080,
        least: 0,
        most: 65_535,
      }),
      worker_url: url({
        about: 'For `"restate"`: the one address under which it reaches the workers.',
        initial: undefined,
      }),
      identity_keys: texts({
        about: 'For `"restate"`: the public keys of the cluster; then requests have to be signed.',
        initial: [],
      }),
      concurrency: integer({
        about: 'How many runs this process executes at once.',
        initial: 64,
        least: 1,
        most: 10_000,
      }),
      lease_ms: integer({
        about: 'Milliseconds after which a run whose worker is silent is taken over.',
        initial: 15_000,
        least: 1_000,
        most: DAY_MS,
      }),
      max_attempts: integer({
        about: 'How many workers may begin a run before it is failed.',
        initial: 3,
        least: 1,
        most: 100,
      }),
    },
  },
  telemetry: {
    about: 'Traces and metrics of runs. `/metrics` is there in any case; nothing is sent without an endpoint.',
    settings: {
      otlp_endpoint: url({
        about: 'Where OpenTelemetry data is sent (OTLP over HTTP), without `/v1/traces`.',
        initial: undefined,
      }),
      otlp_headers_env: environmentName({
        about: 'Which environment variable holds headers for it: `name=value`, with commas between them.',
        initial: undefined,
      }),
      service_name: text({ about: 'What the service is called there.', initial: 'pypes' }),
      traces: flag({ about: 'Whether traces are sent.', initial: true }),
      metrics: flag({ about: 'Whether metrics are sent.', initial: true }),
    },
  },
  evals: {
    about: 'Suites of cases for `/v1/eval`.',
    settings: {
      suites: optionalPath({
        about:
          'The folder of suites that requests name: `shared/` in it is for calls without a tenant, `tenants/<name>/` for a tenant.',
        initial: undefined,
      }),
    },
  },
  blueprints: {
    about: 'Blueprints that runs may name. Both may be given.',
    settings: {
      folder: optionalPath({
        about: 'A folder: each `*.toml` and `*/agent.toml` in it is offered by the name that it gives itself.',
        initial: undefined,
      }),
      files: namedPaths({ about: 'Single files, by the name that they are offered by.', initial: {} }),
    },
  },
  remote: {
    about:
      'Other hosts may have files run here, each in a sandbox, in languages that they lack: an edge has no Python. Open where there is a key; `PYPES_REMOTE_KEY` may hold it in place of a file.',
    settings: {
      key_file: optionalPath({
        about: 'The file with the key that both sides share, of at least 32 bytes, for this account alone.',
        initial: undefined,
      }),
      calls: integer({
        about: 'How many files may be loaded, and calls run, for other hosts at once.',
        initial: 64,
        least: 1,
        most: 10_000,
      }),
    },
  },
} as const satisfies { readonly [name: string]: Section };

type Sections = typeof SECTIONS;
export type SectionName = keyof Sections;

/** What was read, by section and key. */
export type Values = {
  readonly [S in SectionName]: {
    readonly [K in keyof Sections[S]['settings']]: Sections[S]['settings'][K] extends Setting<infer T> ? T : never;
  };
};

/** The environment variable that goes before the file. */
export function environmentOf(section: string, key: string): string {
  return `PYPES_${section === 'service' ? '' : `${section.toUpperCase()}_`}${key.toUpperCase()}`;
}

function isOrigin(value: string): boolean {
  return URL.canParse(value) && new URL(value).origin === value;
}

function isAddress(value: string): boolean {
  return /^(?:[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*)$/.test(value);
}
