// The files of a skill or of a folder → an offer: read, never run.
import { type Permissions, parsePermissions, type StoredPack } from '@pypes/contract';
import { parseManifestLabels } from '@pypes/guard';
import type { FunctionFacts } from '@pypes/host/blueprints';
import { describeFiles, type ReadAgent } from '../blueprints/describe-files.ts';
import type { Offer } from './host-contracting.ts';

/** What is said about files beside what is in them. */
export type AboutFiles = Pick<Offer, 'reference' | 'title' | 'origin' | 'signers' | 'digest'> & {
  /** A name that a component can have. */
  readonly name: string;
  readonly description: string;
  /** What the person granted; absent where nobody decided yet. */
  readonly granted?: Partial<Permissions>;
};

/**
 * Makes an offer.
 *
 * @throws PypesError `agent_broken` where what it offers is known only when it runs, `invalid_request` for a manifest
 */
export async function toOffer(
  { manifest, files }: Pick<StoredPack, 'manifest' | 'files'>,
  { granted, ...about }: AboutFiles,
  readAgent: ReadAgent,
): Promise<Offer> {
  const { agents, imports } = await describeFiles(files, manifest.pack_guid, readAgent);
  const labels = parseManifestLabels(manifest.labels);
  const functions: { [name: string]: FunctionFacts } = {};
  for (const [name, { parameters, returns, wit }] of agents) {
    const own = [name, ...(typeof wit === 'string' ? [wit] : [])].find((each) => Object.hasOwn(labels, each));
    functions[name] = {
      parameters,
      ...(returns === undefined ? {} : { returns }),
      ...(own === undefined ? {} : { labels: labels[own] as FunctionFacts['labels'] & object }),
    };
  }
  const others = Object.hasOwn(labels, '*') ? labels['*'] : undefined;
  const isLocal = about.origin === 'local';
  return {
    ...about,
    functions: [...agents.values()].map(({ name, description }) => ({ name, description })),
    facts: {
      functions,
      ...(others === undefined ? {} : { labels: others }),
      ...(imports === undefined || imports.size === 0 ? {} : { imports: Object.fromEntries(imports) }),
      ...(isLocal ? {} : { asked: parsePermissions(manifest.permissions) }),
      ...(granted === undefined ? {} : { granted }),
      // A blueprint runs files beside it in a sandbox, as it does skills.
      sandboxed: true,
    },
  };
}
