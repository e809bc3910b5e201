// Runs of blueprints on this machine: opened, checked and run on the host that serves, with their local files beside its packs.
import { createHash } from 'node:crypto';
import { PypesError } from '@pypes/contract';
import { refusing } from '@pypes/host/blueprints/run';
import type { BlueprintRunner } from '@pypes/host/runs';
import type { LogEntry } from '../../http/log.ts';
import { executeBlueprint } from '../blueprints/execute-blueprint.ts';
import type { LocalPacks } from '../blueprints/local-packs.ts';
import type { OpenedBlueprint } from '../blueprints/open-blueprint.ts';
import type { NodeHost } from '../node-host.ts';
import { createOpenAgain } from './open-again.ts';

/** What a blueprint runs on. */
export type BlueprintRunnerOptions = {
  readonly host: NodeHost;
  readonly root: string;
  /** The packs of `host` have to lie under these. */
  readonly localPacks: LocalPacks;
  /** The file of a blueprint by its name. @throws PypesError `not_found` */
  readonly fileOf: (name: string) => Promise<string>;
  readonly log: (entry: LogEntry) => void;
};

export function createBlueprintRunner(options: BlueprintRunnerOptions): BlueprintRunner {
  const { host, root, localPacks, fileOf, log } = options;
  const openAgain = createOpenAgain({ root, log });

  async function open(name: string): Promise<OpenedBlueprint> {
    const opened = await openAgain(await fileOf(name));
    const errors = refusing(opened.findings);
    if (errors.length === 0) return opened;
    const codes = [...new Set(errors.map(({ code }) => code))].join(', ');
    throw new PypesError(
      'policy_denied',
      `The check of the blueprint "${name}" found ${errors.length} error(s): ${codes}`,
      {
        details: { policy: 'check', findings: errors.map(({ code, message }) => ({ code, message })) },
      },
    );
  }

  return {
    async find(name) {
      return versionsOf(await open(name));
    },
    async start(name, { run, input, tenant, userGuid, signal, around, onStep, onEvent, onApproval }) {
      const { blueprint, opened, schemas } = await open(name);
      localPacks.offer(opened.local);
      const { output } = await executeBlueprint(host, {
        blueprint,
        opened,
        schemas,
        run,
        input,
        from: 'run',
        ...(tenant === '' ? {} : { tenant }),
        ...(userGuid === undefined ? {} : { userGuid }),
        signal,
        around,
        onStep,
        onEvent,
        onApproval,
      });
      return output;
    },
  };
}

/** What would run, as digests: of the blueprint's text, and of its components by name. */
export function versionsOf({ blueprint, text, opened }: OpenedBlueprint): { readonly [name: string]: string } {
  return {
    [`blueprint:${blueprint.name}`]: `sha256:${createHash('sha256').update(text).digest('hex')}`,
    ...Object.fromEntries([...opened.components].map(([name, { digest }]) => [name, digest])),
  };
}
