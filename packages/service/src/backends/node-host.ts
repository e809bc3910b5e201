// The host of this machine: every language, the file system below it. What `pypes serve` and `pypes call` run on.
import { join } from 'node:path';
import { createEgress } from '@pypes/capabilities/egress';
import type { Limits } from '@pypes/contract';
import { type CallEvent, type CapabilityDrivers, createHost, createVault, type Host } from '@pypes/host';
import { createExecutableRuntime } from '@pypes/runtimes/executable';
import { createJavascriptRuntime, createJavascriptSandbox } from '@pypes/runtimes/javascript';
import { createLispyRuntime } from '@pypes/runtimes/lispy';
import { createLuaRuntime } from '@pypes/runtimes/lua';
import { createPythonRuntime } from '@pypes/runtimes/python';
import { createAjvCompiler } from '@pypes/schemas/ajv';
import {
  appendLines,
  createAgentFolder,
  createFilesystemGrantStore,
  createFilesystemMemoryStore,
  createFilesystemObjectStore,
  createFilesystemPackStore,
  createFilesystemSecretStore,
  createVaultUsageLog,
} from '@pypes/stores/filesystem';
import type { LogEntry } from '../http/log.ts';
import { createVaultKeys } from './vault-key.ts';

/** What the host of a machine needs to know. */
export type NodeHostOptions = {
  /** Folders of agent files. */
  readonly folders: readonly string[];
  /** Where packs, memory and the audit log are kept. */
  readonly root: string;
  readonly limits?: Partial<Limits>;
  /** Deployed packs run without a sandbox. */
  readonly trustDeployed?: boolean;
  readonly log: (entry: LogEntry) => void;
  readonly onEvent?: (event: CallEvent) => void;
};

/** A host on Node; `close` of the host also writes out the audit log. */
export function createNodeHost(options: NodeHostOptions): Host {
  const { root, log } = options;
  const audit = appendLines(join(root, 'audit', 'audit.jsonl'), (error, lines) =>
    log({ level: 'error', event: 'audit.lost', lines, reason: String(error) }),
  );
  const usage = createVaultUsageLog(root, (error, lines) =>
    log({ level: 'error', event: 'vault.usage_lost', lines, reason: String(error) }),
  );
  const host = createHost({
    capabilities: createDrivers(root, usage.write),
    folders: options.folders.map(createAgentFolder),
    packs: createFilesystemPackStore(root),
    memory: createFilesystemMemoryStore(root),
    schemas: createAjvCompiler(),
    runtimes: [
      createLispyRuntime(),
      createLuaRuntime(),
      createJavascriptRuntime(),
      createJavascriptSandbox(),
      createPythonRuntime(),
      createExecutableRuntime(),
    ],
    ...(options.limits === undefined ? {} : { limits: options.limits }),
    trustDeployed: options.trustDeployed ?? false,
    onAudit: (record) => audit.write(JSON.stringify(record)),
    onEvent: options.onEvent ?? ((event) => log(toLogEntry(event))),
  });
  const close = host.close;
  return Object.assign(host, {
    close: async (graceMs?: number) => {
      await close(graceMs);
      audit.close();
      usage.close();
    },
  });
}

/** What stands behind `context` on this machine. */
function createDrivers(root: string, onVaultUse: NonNullable<CapabilityDrivers['onVaultUse']>): CapabilityDrivers {
  return {
    grants: createFilesystemGrantStore(root),
    objects: createFilesystemObjectStore(root),
    vault: createVault({
      store: createFilesystemSecretStore(root),
      keys: createVaultKeys({ root, env: process.env }),
    }),
    egress: createEgress(),
    onVaultUse,
  };
}

function toLogEntry(event: CallEvent): LogEntry {
  const { type, time: _time, ...rest } = event;
  return { event: `agent.${type}`, ...rest, level: event.type === 'log' ? event.level : 'debug' };
}
