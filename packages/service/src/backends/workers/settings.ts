// What a Worker's bindings say: who may reach it, how much it takes. It is public, so that it starts closed or not at all.
import { type Limits, type LogLevel, PypesError } from '@pypes/contract';
import type { ServiceAuth } from '../../http/auth.ts';
import { readPublicAuth } from '../public-auth.ts';
import { LIMIT_VARIABLES, readLimits } from './limits.ts';

export type WorkerSettings = {
  readonly auth: ServiceAuth;
  /** Host names that requests may name. Never empty. */
  readonly hosts: readonly string[];
  readonly origins: readonly string[];
  readonly limits: Limits;
  readonly logLevel: LogLevel;
  /** Where languages run that this back end lacks. */
  readonly remote?: {
    readonly url: string;
    readonly key: string;
    /** Where that endpoint reaches this Worker. It is told what guests remember: no request from outside says where. */
    readonly callback: string;
  };
};

/** Every variable that is read. */
export const SETTING_NAMES: readonly string[] = [
  'PYPES_TOKEN',
  'PYPES_OPEN',
  'PYPES_ALLOW_HOSTS',
  'PYPES_ORIGINS',
  'PYPES_LOG_LEVEL',
  'PYPES_REMOTE_URL',
  'PYPES_REMOTE_KEY',
  'PYPES_REMOTE_CALLBACK',
  ...LIMIT_VARIABLES,
];

/** What two endpoints share has at least so many bytes. */
const LEAST_KEY_BYTES = 32;
const LEVELS: readonly LogLevel[] = ['debug', 'info', 'warn', 'error'];
const HOST_NAME = /^(?:[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:.]+\])$/;

/**
 * `PYPES_TOKEN` or `PYPES_OPEN`, `PYPES_ALLOW_HOSTS`, `PYPES_ORIGINS`, `PYPES_LOG_LEVEL`, `PYPES_LIMITS_*`,
 * `PYPES_REMOTE_URL`, `PYPES_REMOTE_KEY`, `PYPES_REMOTE_CALLBACK`.
 *
 * @throws PypesError `invalid_request`
 */
export function readWorkerSettings(bindings: { readonly [name: string]: unknown }): WorkerSettings {
  const environment = textsOf(bindings);
  const hosts = listOf(environment.PYPES_ALLOW_HOSTS).map((name) => name.toLowerCase());
  if (hosts.length === 0) {
    throw new PypesError(
      'invalid_request',
      'No host name is allowed, so that every request would be refused; set PYPES_ALLOW_HOSTS to the name that the Worker is reached by',
    );
  }
  for (const name of hosts) checkWord('PYPES_ALLOW_HOSTS', 'host names without ports', name, HOST_NAME.test(name));
  const origins = listOf(environment.PYPES_ORIGINS);
  for (const origin of origins)
    checkWord('PYPES_ORIGINS', 'origins like https://chat.example.com', origin, URL.parse(origin)?.origin === origin);
  const level = environment.PYPES_LOG_LEVEL || 'info';
  checkWord('PYPES_LOG_LEVEL', LEVELS.join(', '), level, (LEVELS as readonly string[]).includes(level));
  return {
    auth: readPublicAuth(environment),
    hosts,
    origins,
    limits: readLimits(environment),
    logLevel: level as LogLevel,
    ...readRemote(environment, hosts[0] ?? ''),
  };
}

type Texts = { readonly [name: string]: string | undefined };

/** Bindings can be anything; settings are texts, or numbers and truths where somebody wrote them as JSON. */
function textsOf(bindings: { readonly [name: string]: unknown }): Texts {
  const isPlain = (value: unknown) => ['string', 'number', 'boolean'].includes(typeof value);
  return Object.fromEntries(
    Object.entries(bindings).flatMap(([name, value]) => (isPlain(value) ? [[name, String(value)]] : [])),
  );
}

function listOf(text = ''): readonly string[] {
  return text
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '');
}

function readRemote(environment: Texts, host: string): Pick<WorkerSettings, 'remote'> {
  const { PYPES_REMOTE_URL: url = '', PYPES_REMOTE_KEY: key = '' } = environment;
  const callback = environment.PYPES_REMOTE_CALLBACK || `https://${host}`;
  if (url === '') return {};
  checkAddress('PYPES_REMOTE_URL', url);
  checkAddress('PYPES_REMOTE_CALLBACK', callback);
  if (new TextEncoder().encode(key).length < LEAST_KEY_BYTES) {
    throw new PypesError(
      'invalid_request',
      `PYPES_REMOTE_URL needs PYPES_REMOTE_KEY with at least ${LEAST_KEY_BYTES} characters, the same as there; make one with: openssl rand -hex 32`,
    );
  }
  return { remote: { url, key, callback: callback.replace(/\/+$/, '') } };
}

/** Its text may hold a password: it is not repeated. */
function checkAddress(variable: string, text: string): void {
  const { protocol = '', username = '', password = '' } = URL.parse(text) ?? {};
  if (/^https?:$/.test(protocol) && username + password === '') return;
  throw new PypesError('invalid_request', `${variable} takes an http or https address without a user in it`);
}

function checkWord(variable: string, takes: string, word: string, fits: boolean): void {
  if (!fits) throw new PypesError('invalid_request', `${variable} takes ${takes}, got "${word.slice(0, 100)}"`);
}
