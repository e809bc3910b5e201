// pypes.toml: what counts, what is refused and where, and that no secret is ever repeated.
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DEFAULT_LIMITS, isPypesError } from '@pypes/contract';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { type ConfigReading, readConfig, toReference, toServiceOptions } from './index.ts';
import { environmentOf, SECTIONS, type Section } from './sections.ts';

const folder = mkdtempSync(join(tmpdir(), 'pypes-config-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let files = 0;

type Environment = { readonly [name: string]: string };

function read(text: string, environment: Environment = {}): Promise<ConfigReading> {
  const file = `c${++files}.toml`;
  writeFileSync(join(folder, file), text);
  return readConfig({ file, folder, environment });
}

type Refusal = { readonly problems: readonly string[]; readonly message: string };

/** `line:column message` of every problem; of the environment, `NAME message`. */
async function refused(text: string, environment: Environment = {}): Promise<Refusal> {
  const error: unknown = await read(text, environment).catch((thrown: unknown) => thrown);
  if (!isPypesError(error)) throw new Error('It was taken', { cause: error });
  expect(error.code).toBe('invalid_request');
  const { problems } = error.details as never as {
    problems: readonly { path: string; line: number; column: number; message: string }[];
  };
  return {
    message: `${error.message}${JSON.stringify(error.details)}`,
    problems: problems.map(({ path, line, column, message }) =>
      line === 0 ? `${path} ${message}` : `${line}:${column} ${message}`,
    ),
  };
}

const DIGEST = createHash('sha256').update('t').digest('hex');
const TOKEN = `[[auth.token]]\nname = "ci"\nsha256 = "${DIGEST}"\nscopes = ["runs:read"]\n`;

describe('without a file', () => {
  it('the defaults count', async () => {
    const { config, settings, file } = await readConfig({ folder: join(folder, 'nothing'), environment: {} });
    expect(file).toBeUndefined();
    expect(config).toEqual({
      service: {
        folders: [],
        root: '.pypes',
        host: '127.0.0.1',
        port: 7080,
        origins: [],
        allowHosts: [],
        logLevel: 'info',
        maxBodyBytes: 2_097_152,
      },
      limits: DEFAULT_LIMITS,
      auth: { mode: 'none' },
      store: { kind: 'filesystem' },
      artifacts: { kind: 'filesystem' },
      engine: { kind: 'embedded', concurrency: 64, leaseMs: 15_000, maxAttempts: 3 },
      telemetry: { serviceName: 'pypes', traces: true, metrics: true },
      evals: {},
      blueprints: { files: {} },
      remote: { calls: 64 },
    });
    expect(new Set(settings.map(({ origin }) => origin.from))).toEqual(new Set(['default']));
  });

  it('one that was named is missed', async () => {
    await expect(readConfig({ file: 'no.toml', folder, environment: {} })).rejects.toMatchObject({
      code: 'invalid_request',
    });
    const environment = { PYPES_CONFIG: 'no.toml' };
    await expect(readConfig({ folder, environment })).rejects.toMatchObject({ code: 'invalid_request' });
  });

  it('the current folder is looked into before the root', async () => {
    const [here, root] = [mkdtempSync(join(folder, 'here-')), mkdtempSync(join(folder, 'root-'))];
    writeFileSync(join(root, 'pypes.toml'), '[service]\nport = 1\n');
    const reading = () => readConfig({ folder: here, root, environment: {} });
    expect((await reading()).config.service).toMatchObject({ port: 1, root });
    writeFileSync(join(here, 'pypes.toml'), '[service]\nport = 2\n');
    expect((await reading()).config.service.port).toBe(2);
  });
});

describe('a file', () => {
  it('says everything that there is to say', async () => {
    const { config } = await read(
      `[service]
folders = ["agents", "/srv/more"]
root = "data"
host = "0.0.0.0"
port = 0
origins = ["https://chat.example.com"]
allow_hosts = ["Pypes.Example.COM"]
log_level = "warn"
max_body_bytes = 4096
[limits]
call_ms = 1000
fetch_redirects = 0
[auth]
mode = "static_token"
${TOKEN}tenants = ["acme", "*"]
[[auth.token]]
name = "ops"
env = "OPS_TOKEN"
scopes = ["admin", "admin"]
[store]
kind = "postgres"
url_env = "DB"
schema = "runs"
[artifacts]
kind = "s3"
bucket = "runs"
region = "eu-central-1"
endpoint = "http://127.0.0.1:9000"
prefix = "a/"
[engine]
kind = "restate"
ingress_url = "http://127.0.0.1:8080"
admin_url = "http://127.0.0.1:9070"
worker_host = "0.0.0.0"
worker_port = 9081
worker_url = "http://balancer:9080"
identity_keys = ["publickeyv1_a"]
concurrency = 8
lease_ms = 5000
max_attempts = 5
[telemetry]
otlp_endpoint = "http://127.0.0.1:4318"
otlp_headers_env = "OTLP"
service_name = "p"
traces = false
metrics = true
[evals]
suites = "suites"
[blueprints]
folder = "blueprints"
files = { briefing = "b/briefing.toml" }
[remote]
key_file = "remote.key"
calls = 8
`,
      { DB: 'postgres://u:p@h/d', OPS_TOKEN: 'a-token-of-sixteen', OTLP: 'a=b' },
    );
    expect(config).toEqual({
      service: {
        folders: [join(folder, 'agents'), '/srv/more'],
        root: join(folder, 'data'),
        host: '0.0.0.0',
        port: 0,
        origins: ['https://chat.example.com'],
        allowHosts: ['pypes.example.com'],
        logLevel: 'warn',
        maxBodyBytes: 4096,
      },
      limits: { ...DEFAULT_LIMITS, callMs: 1000, fetchRedirects: 0 },
      auth: {
        mode: 'static_token',
        tokens: [
          { name: 'ci', sha256: DIGEST, scopes: ['runs:read'], tenants: ['acme', '*'] },
          {
            name: 'ops',
            env: 'OPS_TOKEN',
            sha256: createHash('sha256').update('a-token-of-sixteen').digest('hex'),
            scopes: ['admin'],
            tenants: [],
          },
        ],
      },
      store: { kind: 'postgres', urlEnv: 'DB', schema: 'runs' },
      artifacts: {
        kind: 's3',
        bucket: 'runs',
        region: 'eu-central-1',
        endpoint: 'http://127.0.0.1:9000',
        prefix: 'a/',
      },
      engine: {
        kind: 'restate',
        ingressUrl: 'http://127.0.0.1:8080',
        adminUrl: 'http://127.0.0.1:9070',
        worker: { host: '0.0.0.0', port: 9081, url: 'http://balancer:9080', identityKeys: ['publickeyv1_a'] },
        concurrency: 8,
        leaseMs: 5000,
        maxAttempts: 5,
      },
      telemetry: {
        otlpEndpoint: 'http://127.0.0.1:4318',
        otlpHeadersEnv: 'OTLP',
        serviceName: 'p',
        traces: false,
        metrics: true,
      },
      evals: { suites: join(folder, 'suites') },
      blueprints: { folder: join(folder, 'blueprints'), files: { briefing: join(folder, 'b/briefing.toml') } },
      remote: { keyFile: join(folder, 'remote.key'), calls: 8 },
    });
    expect(toServiceOptions(config, { defaultFolders: ['.'], operatorToken: 'op' })).toMatchObject({
      address: '0.0.0.0',
      port: 0,
      hosts: ['pypes.example.com'],
      logLevel: 'warn',
      auth: { required: true, openDeploy: false, operatorToken: 'op' },
      remote: { keyFile: join(folder, 'remote.key'), calls: 8 },
    });
  });

  it.each<readonly [text: string, problem: string]>([
    ['[servce]\nport = 1', '1:2 There is no section [servce]; did you mean "service"?'],
    ['port = 1', expect.stringMatching(/^1:1 There is no key "port" outside of a section/) as never],
    ['[service]\nprot = 1', '2:1 [service] has no key "prot"; did you mean "port"?'],
    ['[limits]\ncall_sm = 1', '2:1 [limits] has no key "call_sm"; did you mean "call_ms"?'],
    ['[service]\n  port = 70000', '2:10 "port" of [service] takes a whole number from 0 to 65535, got 70000'],
    ['[service]\nport = "x"', '2:8 "port" of [service] takes a whole number from 0 to 65535, got "x"'],
    ['[service]\nport = 1.5', '2:8 "port" of [service] takes a whole number from 0 to 65535, got 1.5'],
    [
      '[service]\nlog_level = "inf"',
      '2:13 "log_level" of [service] takes one of debug, info, warn, error, got "inf"; did you mean "info"?',
    ],
    ['[service]\nfolders = ["a", 1]', '2:17 "folders" of [service] takes texts that are not empty, got 1'],
    [
      '[service]\norigins = ["https://a.example/"]',
      '2:12 "origins" of [service] takes a list of origins such as "https://chat.example.com", got "https://a.example/"',
    ],
    ['[telemetry]\ntraces = "yes"', '2:10 "traces" of [telemetry] takes true or false, got "yes"'],
    ['[[service]]\nport = 1', '1:3 [service] takes a table, got a list'],
    [
      '[blueprints]\nfiles = { "A B" = "x" }',
      expect.stringMatching(/^2:11 "A B" in "files" of \[blueprints\] is no/) as never,
    ],
    ['[service]\nport = ', expect.stringMatching(/^2:8 It is no TOML here/) as never],
    ['[service]\nport = 1\nport = 2', expect.stringMatching(/^3:\d+ It is no TOML here/) as never],
  ])('%j is refused at its place', async (text, problem) => {
    expect((await refused(text)).problems).toEqual([problem]);
  });

  it('has every mistake told at once', async () => {
    const { problems } = await refused('[service]\nport = -1\nhots = "a"\n[engine]\nconcurrency = 0\n');
    expect(problems.map((text) => text.split(' ')[0]).sort()).toEqual(['2:8', '3:1', '5:15']);
  });
});

describe('the environment', () => {
  it('goes before the file, setting by setting', async () => {
    const text = '[service]\nport = 1\nfolders = ["a"]\n[telemetry]\ntraces = true\n';
    const { config, settings } = await read(text, {
      PYPES_PORT: '2',
      PYPES_TELEMETRY_TRACES: 'false',
      PYPES_ORIGINS: 'https://a.example, https://b.example',
      PYPES_BLUEPRINTS_FILES: 'one=a.toml,two=/b.toml',
      PYPES_LIMITS_CALL_MS: '5',
      PYPES_HOST: '',
    });
    expect(config.service).toMatchObject({ port: 2, folders: [join(folder, 'a')], host: '127.0.0.1' });
    expect(config.service.origins).toEqual(['https://a.example', 'https://b.example']);
    expect(config.blueprints.files).toEqual({ one: join(folder, 'a.toml'), two: '/b.toml' });
    expect([config.telemetry.traces, config.limits.callMs]).toEqual([false, 5]);
    const origin = (name: string) => settings.find((setting) => setting.name === name)?.origin;
    expect([origin('service.port'), origin('service.folders'), origin('service.host')]).toEqual([
      { from: 'environment', name: 'PYPES_PORT' },
      { from: 'file', line: 3 },
      { from: 'default' },
    ]);
  });

  it('is refused by its name', async () => {
    expect((await refused('', { PYPES_PORT: 'x', PYPES_ENGINE_KIND: 'restat' })).problems).toEqual([
      'PYPES_PORT "port" of [service] takes a whole number from 0 to 65535, got "x"',
      'PYPES_ENGINE_KIND "kind" of [engine] takes one of embedded, restate, got "restat"; did you mean "restate"?',
    ]);
  });

  it('has one name for every setting, and no name for two', () => {
    const names = Object.entries<Section>(SECTIONS).flatMap(([section, { settings }]) =>
      Object.keys(settings).map((key) => environmentOf(section, key)),
    );
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(name).toMatch(/^PYPES_[A-Z_]+$/);
    // These are others' already, or sound as if they held a secret.
    for (const taken of ['PYPES_TOKEN', 'PYPES_CONFIG', 'PYPES_AUTH_TOKEN', 'PYPES_VAULT_KEY'])
      expect(names).not.toContain(taken);
  });
});

describe('what does not go together', () => {
  it.each<readonly [text: string, at: string, environment: Environment]>([
    ['[service]\nhost = "0.0.0.0"', '2:8', {}],
    ['[service]\nhost = "::"', '2:8', {}],
    ['[service]\nhost = "127.0.0.1.example.com"', '2:8', {}],
    ['[service]\nhost = "localhost.example.com"', '2:8', {}],
    ['[auth]\nmode = "none"', 'PYPES_HOST', { PYPES_HOST: '10.0.0.1' }],
    ['[auth]\nmode = "static_token"', '2:8', {}],
    [TOKEN, '1:8', {}],
    ['[store]\nkind = "postgres"', '2:8', {}],
    ['[store]\nkind = "postgres"\nurl_env = "MISSING"', '3:11', {}],
    ['[store]\nurl_env = "DB"', '2:11', { DB: 'x' }],
    ['[artifacts]\nkind = "s3"\nbucket = "runs"', '2:8', {}],
    ['[artifacts]\nbucket = "runs"', '2:10', {}],
    ['[engine]\nkind = "restate"\ningress_url = "http://a"', '2:8', {}],
    ['[engine]\nadmin_url = "http://a"', '2:13', {}],
    ['[telemetry]\notlp_headers_env = "H"', '2:20', { H: 'a=b' }],
    ['[telemetry]\notlp_endpoint = "http://a"\notlp_headers_env = "H"', '3:20', {}],
  ])('%j is refused at %s', async (text, at, environment) => {
    expect((await refused(text, environment)).problems.map((problem) => problem.split(' ')[0])).toEqual([at]);
  });

  it.each(['127.0.0.1', '127.8.9.10', 'localhost', '::1'])('%s needs no tokens', async (host) => {
    expect((await read(`[service]\nhost = "${host}"`)).config.auth).toEqual({ mode: 'none' });
  });
});

describe('tokens', () => {
  const head = '[auth]\nmode = "static_token"\n';
  const table = (lines: string) => `${head}[[auth.token]]\n${lines}\n`;

  it.each<readonly [lines: string, at: string]>([
    ['name = "a"\nscopes = ["runs:read"]', '3:1'],
    [`name = "a"\nscopes = ["runs:read"]\nsha256 = "${DIGEST}"\nenv = "T"`, '3:1'],
    [`scopes = ["runs:read"]\nsha256 = "${DIGEST}"`, '3:1'],
    [`name = "a"\nsha256 = "${DIGEST}"`, '3:1'],
    [`name = "a"\nsha256 = "${DIGEST}"\nscopes = []`, '6:10'],
    [`name = "a"\nsha256 = "${DIGEST}"\nscopes = ["runs:raed"]`, '6:11'],
    [`name = "a"\nsha256 = "${DIGEST}"\nscopes = ["admin"]\ntenants = ["a/b"]`, '7:12'],
    [`name = "a"\nsha256 = "${DIGEST}"\nscope = ["admin"]\nscopes = ["admin"]`, '6:1'],
    ['name = "a"\nenv = "UNSET"\nscopes = ["admin"]', '5:7'],
    ['name = "a"\nenv = "SHORT"\nscopes = ["admin"]', '5:7'],
  ])('%j is refused', async (lines, at) => {
    const { problems } = await refused(table(lines), { SHORT: 'short' });
    expect(problems.map((problem) => problem.split(' ')[0])).toEqual([at]);
  });

  it('are told apart by name and by what they are', async () => {
    const twice = (await refused(`${head}${TOKEN}${TOKEN}`)).problems;
    expect(twice).toEqual(['7:1 Two tokens are named "ci"; rename one']);
    const same = await refused(`${head}${TOKEN}${TOKEN.replace('"ci"', '"cd"')}`);
    expect(same.problems).toHaveLength(1);
  });

  it('of the environment go before those of the file', async () => {
    const given = `[{name = "e", sha256 = "${DIGEST}", scopes = ["eval"], tenants = ["acme"]}]`;
    const { config } = await read(`${head}${TOKEN}`, { PYPES_AUTH_TOKENS: given });
    const wrong = await refused(head, { PYPES_AUTH_TOKENS: given.replace('eval', 'evil') });
    expect(wrong.problems[0]).toMatch(new RegExp(`^1:${given.indexOf('"eval"') + 1} scopes takes one of`));
    expect(config.auth).toMatchObject({ tokens: [{ name: 'e', scopes: ['eval'], tenants: ['acme'] }] });
  });
});

describe('a secret', () => {
  const SECRET = 'sesame-open-42-please';
  it.each<readonly [text: string, environment: Environment]>([
    [`[auth]\nmode = "static_token"\n[[auth.token]]\nname = "a"\nscopes = ["admin"]\ntoken = "${SECRET}"`, {}],
    [`[auth]\nmode = "static_token"\n[[auth.token]]\nname = "a"\nscopes = ["admin"]\nTOKEN = "${SECRET}"`, {}],
    [`[auth]\nmode = "static_token"\n[[auth.token]]\nname = "a"\nscopes = ["admin"]\nsha256 = "${SECRET}"`, {}],
    [`[auth]\nmode = "static_token"\n[[auth.token]]\nname = "a"\nscopes = ["admin"]\nenv = "${SECRET}"`, {}],
    [`[auth]\nmode = "static_token"\n[[auth.token]]\nname = "a"\nscopes = ["admin"]\nenv = "T"`, { T: `${SECRET} x` }],
    ['', { PYPES_AUTH_TOKENS: SECRET }],
    ['', { PYPES_AUTH_TOKENS: `"${SECRET}"` }],
    [`[store]\nkind = "postgres"\nurl = "postgres://u:${SECRET}@h/d"`, {}],
    [`[store]\nkind = "postgres"\nurl_env = "postgres://u:${SECRET}@h/d"`, {}],
    ['', { PYPES_STORE_URL_ENV: `postgres://u:${SECRET}@h/d` }],
    [`[artifacts]\nsecret_access_key = "${SECRET}"`, {}],
    [`[telemetry]\notlp_endpoint = "https://u:${SECRET}@h"`, {}],
    [`[telemetry]\nheaders = "authorization=${SECRET}"`, {}],
  ])('that stands where it must not is refused, and not repeated: %j', async (text, environment) => {
    const { problems, message } = await refused(text, environment);
    expect(problems.length).toBeGreaterThan(0);
    expect(message).not.toContain(SECRET);
  });

  it('that the environment holds is not shown', async () => {
    const { config, settings } = await read(
      '[auth]\nmode = "static_token"\n[[auth.token]]\nname = "a"\nscopes = ["admin"]\nenv = "T"\n[store]\nkind = "postgres"\nurl_env = "DB"\n',
      { T: SECRET, DB: `postgres://u:${SECRET}@h/d` },
    );
    expect(JSON.stringify({ config, settings })).not.toContain(SECRET);
    const shown = (name: string) => settings.find((setting) => setting.name === name)?.value;
    expect(shown('store.url_env')).toBe('"DB" (is set)');
    expect(shown('auth.token[0]')).toBe('{ name = "a", env = "T", scopes = ["admin"], tenants = [] }');
  });
});

it('whatever stands in a file or the environment is taken or refused with places, never more', async () => {
  const keys = Object.entries<Section>(SECTIONS).flatMap(([section, { settings }]) =>
    Object.keys(settings).map((key) => [section, key] as const),
  );
  const value = fc.oneof(
    fc.string().map((text) => JSON.stringify(text)),
    fc.integer().map(String),
    fc.boolean().map(String),
    fc.array(fc.string().map((text) => JSON.stringify(text))).map((items) => `[${items.join(', ')}]`),
    fc.constant('{ a = "b" }'),
    fc.string(),
  );
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...keys), value, fc.boolean(), async ([section, key], given, inFile) => {
      const reading = inFile
        ? read(`[${section}]\n${key} = ${given}\n`)
        : read('', { [environmentOf(section, key)]: given });
      const error: unknown = await reading.then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
      if (error === undefined) return;
      expect(error).toMatchObject({ code: 'invalid_request', details: { problems: expect.anything() } });
    }),
    { numRuns: 150 },
  );
});

it('the reference is fresh, and names every key and every variable', async () => {
  const text = toReference();
  await expect(text).toMatchFileSnapshot(join(import.meta.dirname, '../../../../../docs/reference/config.md'));
  for (const [section, { settings }] of Object.entries<Section>(SECTIONS)) {
    for (const key of Object.keys(settings)) {
      expect(text).toContain(`\`${key}\``);
      expect(text).toContain(`\`${environmentOf(section, key)}\``);
    }
  }
});
