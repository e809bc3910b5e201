// What a function's environment says: who may reach it. The endpoint is public, so that it starts closed or not at all.
import { type Limits, type LogLevel, PypesError } from '@pypes/contract';
import type { ServiceAuth } from '../../http/auth.ts';
import { readConfig } from '../config/index.ts';

export type Environment = { readonly [name: string]: string | undefined };

export type FunctionSettings = {
  readonly auth: ServiceAuth;
  /** Host names that requests may name. Never empty. */
  readonly hosts: readonly string[];
  readonly origins: readonly string[];
  readonly limits: Limits;
  readonly logLevel: LogLevel;
};

export type SettingsOptions = {
  readonly environment: Environment;
  /** Where `pypes.toml` may lie. */
  readonly folder: string;
  /** Names that the platform itself says are this function's. */
  readonly platformHosts?: readonly string[];
  /** Bytes that the platform lets an answer have. */
  readonly mostOutputBytes?: number;
};

const LEAST_TOKEN = 16;

/**
 * `PYPES_TOKEN`, `PYPES_ALLOW_HOSTS`, `PYPES_ORIGINS`, `PYPES_LOG_LEVEL`, `PYPES_LIMITS_*`: as they are for `pypes serve`.
 * `PYPES_OPEN=true` lets anybody deploy and call.
 *
 * @throws PypesError `invalid_request` where the function would be open without anybody having said so
 */
export async function readFunctionSettings(options: SettingsOptions): Promise<FunctionSettings> {
  const { environment, platformHosts = [], mostOutputBytes = Number.POSITIVE_INFINITY } = options;
  const { config } = await readConfig({ environment, folder: options.folder });
  const { allowHosts, origins, logLevel } = config.service;
  const hosts = [...new Set([...platformHosts.map((name) => name.toLowerCase()), ...allowHosts])];
  if (hosts.length === 0) {
    throw new PypesError(
      'invalid_request',
      'No host name is allowed, so that every request would be refused; set PYPES_ALLOW_HOSTS to the name that the function is reached by',
    );
  }
  const outputBytes = Math.min(config.limits.outputBytes, mostOutputBytes);
  return { auth: readAuth(environment), hosts, origins, logLevel, limits: { ...config.limits, outputBytes } };
}

function readAuth({ PYPES_TOKEN: token = '', PYPES_OPEN: open = '' }: Environment): ServiceAuth {
  if (open !== '' && open !== 'true' && open !== 'false')
    throw new PypesError('invalid_request', `PYPES_OPEN takes "true" or "false", got "${open.slice(0, 20)}"`);
  if (open === 'true') return { required: false, openDeploy: true, ...(token === '' ? {} : { operatorToken: token }) };
  if (token.length >= LEAST_TOKEN) return { required: true, operatorToken: token };
  const what = token === '' ? 'is not set' : `has fewer than ${LEAST_TOKEN} characters`;
  throw new PypesError(
    'invalid_request',
    `PYPES_TOKEN ${what}, and this endpoint is public; set it to the output of: openssl rand -hex 32, or let anybody deploy and call with PYPES_OPEN=true`,
  );
}
