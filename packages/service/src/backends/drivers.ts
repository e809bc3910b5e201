// What stands behind `context` on this machine; the heavy parts are loaded when they are first used.
import { join } from 'node:path';
import type { AiGateway, Egress, SchemaCompiler, SessionProvider } from '@pypes/contract';
import { type CapabilityDrivers, createVault } from '@pypes/host';
import {
  appendLines,
  createFilesystemGrantStore,
  createFilesystemObjectStore,
  createFilesystemSecretStore,
  createVaultUsageLog,
} from '@pypes/stores/filesystem';
import type { LogEntry } from '../http/log.ts';
import { loadAiRecords, loadAiSettings } from './ai-config.ts';
import { createVaultKeys } from './vault-key.ts';

export type DriverOptions = {
  readonly root: string;
  readonly schemas: SchemaCompiler;
  readonly log: (entry: LogEntry) => void;
};

/** The drivers, and what closes their logs. @throws PypesError `invalid_request` where ai.json is wrong */
export function createDrivers({ root, schemas, log }: DriverOptions) {
  const lost = (what: string) => (error: unknown, lines: number) =>
    log({ level: 'error', event: `${what}.lost`, lines, reason: String(error) });
  const usage = createVaultUsageLog(root, lost('vault_usage'));
  const vault = createVault({
    store: createFilesystemSecretStore(root),
    keys: createVaultKeys({ root, env: process.env }),
  });
  const settings = loadAiSettings(root);
  const recordsPath = join(root, 'ai', 'requests.jsonl');
  const records = settings === undefined ? undefined : appendLines(recordsPath, lost('ai_records'));

  const ai =
    settings === undefined
      ? undefined
      : lazyAi(async () => {
          const { createAiGateway, forAgents } = await import('@pypes/capabilities/ai');
          const gateway = createAiGateway({
            settings,
            vault,
            records: loadAiRecords(recordsPath),
            onRecord: (record) => records?.write(JSON.stringify(record)),
          });
          return { doors: gateway, agents: forAgents(gateway, schemas) };
        });

  const capabilities: CapabilityDrivers = {
    grants: createFilesystemGrantStore(root),
    objects: createFilesystemObjectStore(root),
    vault,
    egress: lazyEgress(async () => (await import('@pypes/capabilities/egress')).createEgress()),
    sessions: lazySessions(async () => {
      const { createSessionProvider } = await import('@pypes/capabilities/session');
      return createSessionProvider({ root: join(root, 'sessions') });
    }),
    ...(ai === undefined ? {} : { ai: ai.agents, aiDoor: ai.doors }),
    onVaultUse: usage.write,
  };
  return {
    capabilities,
    close(): void {
      usage.close();
      records?.close();
    },
  };
}

function once<T>(make: () => Promise<T>) {
  let made: Promise<T> | undefined;
  return {
    get: (): Promise<T> => {
      made ??= make();
      return made;
    },
    /** What was made; undefined where it never was. */
    peek: () => made,
  };
}

function lazyEgress(make: () => Promise<Egress>): Egress {
  const egress = once(make);
  return {
    fetch: async (request, options) => (await egress.get()).fetch(request, options),
    close: async () => (await egress.peek())?.close(),
  };
}

function lazySessions(make: () => Promise<SessionProvider>): SessionProvider {
  const sessions = once(make);
  return {
    open: async (about) => (await sessions.get()).open(about),
    close: async () => (await sessions.peek())?.close(),
  };
}

function lazyAi(make: () => Promise<{ readonly doors: AiGateway; readonly agents: AiGateway }>) {
  const gateways = once(make);
  const lazy = (which: 'doors' | 'agents'): AiGateway => ({
    models: async () => (await gateways.get())[which].models(),
    complete: async (request, caller, signal) => (await gateways.get())[which].complete(request, caller, signal),
    async *stream(request, caller, signal) {
      yield* (await gateways.get())[which].stream(request, caller, signal);
    },
    close: async () => (await gateways.peek())?.[which].close(),
  });
  return { doors: lazy('doors'), agents: lazy('agents') };
}
