// A blueprint that was opened and checked, run on a host of this machine: its packs held, its approvals waited for.
import { resolve } from 'node:path';
import { type Approval, type JsonSchema, PypesError } from '@pypes/contract';
import { type BlueprintResult, type BlueprintRun, runBlueprint } from '@pypes/host/blueprints/run';
import { createAjvCompiler } from '@pypes/schemas/ajv';
import type { NodeHost } from '../node-host.ts';
import { createRunDesk, createWaiting } from './desk.ts';
import { guidOf } from './guid.ts';
import { holdPacks } from './hold-packs.ts';
import type { OpenedBlueprint } from './open-blueprint.ts';
import type { OpenedSchemas } from './open-schemas.ts';

/** What is to run, and who is told. */
export type ExecuteBlueprint = Pick<OpenedBlueprint, 'blueprint' | 'opened' | 'schemas'> &
  Pick<
    BlueprintRun,
    'run' | 'input' | 'from' | 'tenant' | 'userGuid' | 'allowUnsafe' | 'parallel' | 'onStep' | 'onEvent' | 'around'
  > & {
    readonly signal: AbortSignal;
    readonly onApproval: (request: Approval) => void;
  };

/** @throws PypesError what the run failed with */
export async function executeBlueprint(host: NodeHost, start: ExecuteBlueprint): Promise<BlueprintResult> {
  const { blueprint, opened, schemas, signal, onApproval, ...rest } = start;
  const ended = new AbortController();
  const held = await holdPacks(host, opened);
  try {
    return await runBlueprint(host, {
      ...rest,
      blueprint,
      facts: opened.facts,
      packs: held.packs,
      guid: guidOf(`pypes-blueprint\n${resolve(blueprint.path)}`),
      policies: {
        schemas: createAjvCompiler(),
        now: Date.now,
        readSchema: (path) => schemaIn(schemas, path),
        createAsk: createRunDesk(host.approvals, onApproval, ended.signal),
      },
      signal,
      now: Date.now,
      sleep,
      decided: createWaiting(host.approvals, onApproval),
    });
  } finally {
    ended.abort();
    held.release();
  }
}

/** A policy that reads what nobody opened is no policy of this run. */
function schemaIn(schemas: OpenedSchemas, path: string): JsonSchema {
  const schema = schemas.get(path);
  if (schema !== undefined) return schema;
  throw new PypesError('invalid_request', `The schema "${path}" was not read when the blueprint was opened`);
}

function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((done, failed) => {
    if (signal.aborted) {
      failed(signal.reason);
      return;
    }
    const stop = () => {
      clearTimeout(timer);
      failed(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop);
      done();
    }, ms);
    signal.addEventListener('abort', stop, { once: true });
  });
}
