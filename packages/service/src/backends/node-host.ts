// The host of this machine: every language, the file system below it. What `pypes serve` and `pypes call` run on.
import { join, resolve } from 'node:path';
import type { ApprovalStore, Limits, PackStore } from '@pypes/contract';
import { type CallEvent, createHost, type Host } from '@pypes/host';
import { createAjvCompiler } from '@pypes/schemas/ajv';
import {
  createAgentFolder,
  createFilesystemApprovalStore,
  createFilesystemAuditLog,
  createFilesystemMemoryStore,
  createFilesystemPackStore,
} from '@pypes/stores/filesystem';
import type { LogEntry } from '../http/log.ts';
import { createDrivers } from './drivers.ts';
import { createNodeRuntimes } from './languages.ts';
import { mountServers } from './mcp-packs/mount.ts';
import { followPolicies, type OperatorPolicies } from './operator-policies.ts';
import { createRecording } from './recording.ts';
import { withInstalledSkills } from './skills/with-skills.ts';

/** What the host of a machine needs to know. */
export type NodeHostOptions = {
  /** Folders of agent files. */
  readonly folders: readonly string[];
  /** Where packs, memory and the audit log are kept. */
  readonly root: string;
  readonly limits?: Partial<Limits>;
  /** Deployed packs run without a sandbox. */
  readonly trustDeployed?: boolean;
  /** The operator's policies; default: `policy.toml` below the root, where there is one. */
  readonly policyFile?: string;
  /** Puts packs of one process beside those of the machine. */
  readonly packs?: (base: PackStore) => PackStore;
  /** Calls are recorded below the root, for replays. Off by default: a recording holds what was said. */
  readonly record?: boolean;
  readonly log: (entry: LogEntry) => void;
  readonly onEvent?: (event: CallEvent) => void;
};

/** A host with what its machine adds. */
export type NodeHost = Host & {
  readonly approvals: ApprovalStore;
  /** Resolves when the operator's policies have been read; calls wait for it. @throws PypesError `invalid_request` */
  readonly ready: Promise<void>;
};

/** A folder that is named twice is one. */
function withoutTwins(folders: readonly string[]): readonly string[] {
  return [...new Map(folders.map((folder) => [resolve(folder), folder])).values()];
}

/** A host on Node; `close` of the host also writes out the audit log. */
export function createNodeHost(options: NodeHostOptions): NodeHost {
  const { root, log } = options;
  const audit = createFilesystemAuditLog({
    folder: join(root, 'audit'),
    onError: (error) => log({ level: 'error', event: 'audit.failed', reason: String(error) }),
  });
  const schemas = createAjvCompiler();
  const drivers = createDrivers({ root, schemas, log });
  const approvals = createFilesystemApprovalStore(root);
  const { policyFile: file, packs: withMore = (base: PackStore) => base } = options;
  const mounted = mountServers(root);
  const recording = options.record === true ? createRecording({ root, log }) : undefined;
  let policies: OperatorPolicies | undefined;
  const host = createHost({
    policies: (flow) => {
      policies = followPolicies({ root, schemas, approvals, flow, log, ...(file === undefined ? {} : { file }) });
      return [policies.policy];
    },
    capabilities: drivers.capabilities,
    folders: withoutTwins(options.folders).map((folder) => createAgentFolder(folder)),
    packs: withMore(mounted.over(withInstalledSkills(createFilesystemPackStore(root), root, log))),
    memory: createFilesystemMemoryStore(root),
    schemas,
    runtimes: [...createNodeRuntimes(root, options.folders), mounted.runtime],
    ...(options.limits === undefined ? {} : { limits: options.limits }),
    trustDeployed: options.trustDeployed ?? false,
    audit: {
      write: (record) => audit.write(JSON.stringify(record)),
      settled: audit.settled,
      check: audit.check,
    },
    ...(recording === undefined ? {} : { recording }),
    onEvent: options.onEvent ?? ((event) => log(toLogEntry(event))),
  });
  const close = host.close;
  return Object.assign(host, {
    approvals,
    ready: policies?.ready ?? Promise.resolve(),
    close: async (graceMs?: number) => {
      await close(graceMs);
      await recording?.close();
      policies?.close();
      audit.close();
      drivers.close();
    },
  });
}

function toLogEntry(event: CallEvent): LogEntry {
  const { type, time: _time, ...rest } = event;
  return { event: `agent.${type}`, ...rest, level: event.type === 'log' ? event.level : 'debug' };
}
