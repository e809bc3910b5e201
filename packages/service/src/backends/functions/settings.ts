// What a function's environment says: who may reach it. The endpoint is public, so that it starts closed or not at all.
import { type Limits, type LogLevel, PypesError } from '@pypes/contract';
import type { ServiceAuth } from '../../http/auth.ts';
import { readConfig } from '../config/index.ts';
import { readPublicAuth } from '../public-auth.ts';

export type Environment = { readonly [name: string]: string | undefined };

export type FunctionSettings = {
  readonly auth: ServiceAuth;
  /** Host names that requests may name. Never empty. */
  readonly hosts: readonly string[];
  readonly origins: readonly string[];
  readonly limits: Limits;
  readonly logLevel: LogLevel;
  /** What opens the function to other hosts, that have files run here in languages that they lack. */
  readonly remoteKey?: string;
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

/**
 * `PYPES_TOKEN`, `PYPES_ALLOW_HOSTS`, `PYPES_ORIGINS`, `PYPES_LOG_LEVEL`, `PYPES_LIMITS_*`, `PYPES_REMOTE_KEY`: as they are
 * for `pypes serve`. `PYPES_OPEN=true` lets anybody deploy and call.
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
  const { PYPES_REMOTE_KEY: remoteKey = '' } = environment;
  return {
    auth: readPublicAuth(environment),
    hosts,
    origins,
    logLevel,
    limits: { ...config.limits, outputBytes },
    ...(remoteKey === '' ? {} : { remoteKey }),
  };
}
