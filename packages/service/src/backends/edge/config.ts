// workerd's configuration for the packaged Worker: two classes of objects on a disk, settings from the environment, and
// no network but the one endpoint that languages may be called out to.
import { COMPATIBILITY_DATE } from '../workers/compatibility-date.ts';
import { SETTING_NAMES } from '../workers/settings.ts';

const WASM_MODULES = [
  'quickjs',
  'typescript',
  'transpiler_core',
  'transpiler_core2',
  'transpiler_part1',
  'transpiler_part2',
];

/** All that lies beside the configuration. */
export const WORKER_FILES: readonly string[] = ['worker.mjs', ...WASM_MODULES.map((name) => `${name}.wasm`)];

export type EdgeConfigOptions = {
  /** Where requests of the Worker itself go: an address, or a socket of this machine. Absent: nowhere. */
  readonly remote?: string | { readonly socketPath: string };
  /** Without what starts isolates for components, as an operator's own configuration may be. */
  readonly withoutLoader?: boolean;
};

/**
 * V8's own threads may wait until an isolate collects its garbage, and workerd runs one isolate at a time: who waits for
 * one that nobody calls holds that thread for good, and the next sweep, which waits for the thread, the process. So none
 * of what V8 does in the background touches a heap (docs/decisions/044).
 */
const V8_FLAGS = ['--single-threaded-gc', '--no-concurrent-recompilation', '--no-concurrent-sparkplug'];

/** Where it listens, and where the objects lie, can be said on the command line: `--socket-addr`, `--directory-path`. */
export function toEdgeConfig({ remote, withoutLoader = false }: EdgeConfigOptions = {}): string {
  const settings = SETTING_NAMES.map((name) => `    (name = "${name}", fromEnvironment = "${name}"),`);
  const modules = WASM_MODULES.map((name) => `    (name = "${name}.wasm", wasm = embed "${name}.wasm"),`);
  return `using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [
    (name = "main", worker = .main),
    (name = "objects", disk = (path = "objects", writable = true)),
    (name = "internet", ${toNetwork(remote)}),
  ],
  v8Flags = [${V8_FLAGS.map((flag) => `"${flag}"`).join(', ')}],
  sockets = [(name = "http", address = "127.0.0.1:8787", http = (), service = "main")],
);

const main :Workerd.Worker = (
  modules = [
    (name = "worker.mjs", esModule = embed "worker.mjs"),
${modules.join('\n')}
  ],
  compatibilityDate = "${COMPATIBILITY_DATE}",
  durableObjectNamespaces = [
    (className = "PackObject", uniqueKey = "pypes-packs", enableSql = true),
    (className = "DirectoryObject", uniqueKey = "pypes-directory", enableSql = true),
  ],
  durableObjectStorage = (localDisk = "objects"),
  globalOutbound = "internet",
  bindings = [
    (name = "PACKS", durableObjectNamespace = "PackObject"),
    (name = "DIRECTORY", durableObjectNamespace = "DirectoryObject"),
${withoutLoader ? '' : '    (name = "LOADER", workerLoader = ()),\n'}${settings.join('\n')}
  ],
);
`;
}

/** Whatever the Worker asks for, it asks that one server, or nobody. */
function toNetwork(remote: EdgeConfigOptions['remote']): string {
  if (remote === undefined) return 'network = (allow = [])';
  if (typeof remote !== 'string')
    return `external = (address = ${JSON.stringify(`unix:${remote.socketPath}`)}, http = ())`;
  const { protocol, hostname, port } = new URL(remote);
  if (protocol === 'http:') return `external = (address = "${hostname}:${port || '80'}", http = ())`;
  const tls = `tlsOptions = (trustBrowserCas = true), certificateHost = "${hostname}"`;
  return `external = (address = "${hostname}:${port || '443'}", https = (options = (), ${tls}))`;
}
