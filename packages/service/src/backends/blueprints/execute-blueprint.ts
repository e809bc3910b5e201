// A blueprint that was opened and checked, run on a host of this machine: its packs held, its approvals waited for.
import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { type Approval, isJsonObject, type JsonObject, type JsonSchema, PypesError } from '@pypes/contract';
import { type BlueprintResult, type BlueprintRun, runBlueprint } from '@pypes/host/blueprints/run';
import { createAjvCompiler } from '@pypes/schemas/ajv';
import type { NodeHost } from '../node-host.ts';
import { createRunDesk, createWaiting } from './desk.ts';
import { guidOf } from './guid.ts';
import { holdPacks } from './hold-packs.ts';
import type { OpenedBlueprint } from './open-blueprint.ts';

/** What is to run, and who is told. */
export type ExecuteBlueprint = Pick<OpenedBlueprint, 'blueprint' | 'opened'> &
  Pick<
    BlueprintRun,
    'run' | 'input' | 'from' | 'tenant' | 'userGuid' | 'allowUnsafe' | 'parallel' | 'onStep' | 'onEvent' | 'around'
  > & {
    readonly signal: AbortSignal;
    readonly onApproval: (request: Approval) => void;
  };

/** @throws PypesError what the run failed with */
export async function executeBlueprint(host: NodeHost, start: ExecuteBlueprint): Promise<BlueprintResult> {
  const { blueprint, opened, signal, onApproval, ...rest } = start;
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
        readSchema: (path) => readSchema(join(dirname(resolve(blueprint.path)), path)),
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

function readSchema(path: string): JsonSchema {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new PypesError('invalid_request', `The schema "${path}" cannot be read: ${(error as Error).message}`, {
      cause: error,
    });
  }
  if (isJsonObject(value as JsonObject)) return value as JsonSchema;
  throw new PypesError('invalid_request', `The schema "${path}" is no JSON object`);
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
