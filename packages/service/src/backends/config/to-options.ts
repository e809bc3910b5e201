// From the configuration to what the service of this machine takes; what it does not take, the back end reads itself.
import type { ServiceAuth } from '../../http/auth.ts';
import type { NodeServiceOptions } from '../node.ts';
import { isLoopback } from './check.ts';
import type { Config } from './config.ts';

/** What a configuration says of the service's options. */
export type ConfiguredOptions = Required<
  Pick<
    NodeServiceOptions,
    'folders' | 'root' | 'address' | 'port' | 'origins' | 'hosts' | 'limits' | 'logLevel' | 'auth' | 'remote'
  >
>;

/**
 * The options of {@link NodeServiceOptions} that a configuration has. `operatorToken` opens what is the operator's own,
 * deploying included, and is asked for wherever the configuration asks for tokens.
 *
 * @param defaultFolders - what is served where the configuration names no folder
 */
export function toServiceOptions(
  { service, limits, auth, remote }: Config,
  {
    defaultFolders,
    operatorToken,
  }: { readonly defaultFolders: readonly string[]; readonly operatorToken?: string | undefined },
): ConfiguredOptions {
  const required = auth.mode === 'static_token';
  const serviceAuth: ServiceAuth = {
    required,
    openDeploy: !required && isLoopback(service.host),
    ...(operatorToken === undefined || operatorToken === '' ? {} : { operatorToken }),
  };
  return {
    folders: service.folders.length > 0 ? service.folders : defaultFolders,
    root: service.root,
    address: service.host,
    port: service.port,
    origins: service.origins,
    hosts: service.allowHosts,
    limits,
    logLevel: service.logLevel,
    auth: serviceAuth,
    remote,
  };
}
