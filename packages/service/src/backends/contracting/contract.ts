// The contract agent on this machine: its catalog, its model where one is configured, the checks of spec 4.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createAjvCompiler } from '@pypes/schemas/ajv';
import type { LogEntry } from '../../http/log.ts';
import type { ReadAgent } from '../blueprints/describe-files.ts';
import { createNodeHost } from '../node-host.ts';
import { createMachineCatalog } from './catalog.ts';
import { createGatewayModel } from './gateway-model.ts';
import { createTextCheck, type Model, negotiate, type Outcome, type Person } from './host-contracting.ts';

export type ContractOptions = {
  readonly wish: string;
  readonly root: string;
  readonly folders: readonly string[];
  /** The folder where the blueprint will stand, and its name there. */
  readonly home: string;
  readonly file: string;
  readonly answers: ReadonlyMap<string, string>;
  readonly person: Person;
  readonly readAgent: ReadAgent;
  readonly offline?: boolean;
  /** `false`: without a model, though one is configured. */
  readonly model?: string | false;
  /** Milliseconds that one request to a model may take. */
  readonly timeoutMs?: number;
  readonly log: (entry: LogEntry) => void;
};

const TIMEOUT_MS = 60_000;

/** Negotiates. Installs nothing, runs nothing, writes nothing but the cache and the audit log of a model's calls. */
export async function contract(options: ContractOptions): Promise<Outcome> {
  const { wish, root, folders, home, file, answers, person, readAgent, offline } = options;
  const catalog = createMachineCatalog({
    root,
    folders,
    home,
    readAgent,
    ...(offline === undefined ? {} : { offline }),
  });
  const start = (model?: Model) =>
    negotiate({
      wish,
      catalog,
      check: createTextCheck(file),
      answers,
      person,
      ...(model === undefined ? {} : { model: { model, schemas: createAjvCompiler() } }),
    });
  if (options.model === false || !existsSync(join(root, 'ai.json'))) return start();
  const host = createNodeHost({ folders: [], root, log: options.log });
  try {
    await host.ready;
    if (host.ai === undefined) return await start();
    return await start(
      createGatewayModel({
        ai: host.ai,
        timeoutMs: options.timeoutMs ?? TIMEOUT_MS,
        ...(options.model === undefined ? {} : { model: options.model }),
      }),
    );
  } finally {
    await host.close(0);
  }
}
