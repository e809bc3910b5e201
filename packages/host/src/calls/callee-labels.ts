// What is known about the flow of what is called: from manifests for agents, from one table for capabilities.
import { type Call, isPypesError, type PackManifest } from '@pypes/contract';
import { CAPABILITY_LABELS, type CalleeLabels, labelsOf, type ManifestLabels, parseManifestLabels } from '@pypes/guard';
import type { AgentCall } from './call.ts';

const CAPABILITY = 'context.';

/** Undefined where nothing is known. */
export function labelsOfCallee(call: Call): CalleeLabels | undefined {
  if (call.kind === 'capability') {
    const operation = call.to.slice(CAPABILITY.length);
    return Object.hasOwn(CAPABILITY_LABELS, operation)
      ? CAPABILITY_LABELS[operation as keyof typeof CAPABILITY_LABELS]
      : undefined;
  }
  const { pack, entry } = call as AgentCall;
  if (pack.manifest.labels === undefined) return undefined;
  const found = labelsOf(manifestLabels(pack.manifest), entry.name);
  return found === undefined ? undefined : { ...found, parameters: entry.metadata.parameters };
}

const parsed = new WeakMap<PackManifest, ManifestLabels>();

/** What cannot be read is taken for the worst: private, untrusted, and a way out. */
function manifestLabels(manifest: PackManifest): ManifestLabels {
  const known = parsed.get(manifest);
  if (known !== undefined) return known;
  let labels: ManifestLabels;
  try {
    labels = parseManifestLabels(manifest.labels);
  } catch (error) {
    if (!isPypesError(error)) throw error;
    labels = { '*': { reads: ['private', 'untrusted'], sends: ['network', 'destructive'] } };
  }
  parsed.set(manifest, labels);
  return labels;
}
