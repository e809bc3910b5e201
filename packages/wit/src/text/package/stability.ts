// The gates before an item, as one statement about its stability.
import type { Stability } from '../../resolved.ts';
import type { Annotations } from '../draft.ts';
import { fail } from '../errors.ts';
import { toDocs } from '../grammar/docs.ts';
import { printVersion } from '../semver.ts';
import type { Gate, Preamble } from '../syntax.ts';

/** Docs, stability and external id of an item. */
export const toAnnotations = (preamble: Preamble): Annotations => ({
  docs: toDocs(preamble.comments),
  stability: toStability(preamble.gates),
  externalId: preamble.gates.find((gate) => gate.kind === 'external-id')?.value,
});

/** Throws where gates repeat or contradict each other. */
export const toStability = (gates: readonly Gate[]): Stability | undefined => {
  if (gates.length === 0) return undefined;
  const seen = new Map<Gate['kind'], Gate>();
  for (const gate of gates) {
    if (seen.has(gate.kind)) fail(gate.span, `cannot specify @${gate.kind} twice`);
    seen.set(gate.kind, gate);
  }
  const [since, unstable, deprecation] = [seen.get('since'), seen.get('unstable'), seen.get('deprecated')];
  if (since !== undefined && unstable !== undefined) fail(unstable.span, 'cannot specify both @since and @unstable');
  const deprecated = deprecation?.kind === 'deprecated' ? { deprecated: printVersion(deprecation.version) } : {};
  if (since?.kind === 'since') return { stable: { since: printVersion(since.version), ...deprecated } };
  if (unstable?.kind === 'unstable') return { unstable: { feature: unstable.feature, ...deprecated } };
  if (deprecation !== undefined) fail(deprecation.span, 'cannot specify both @deprecated without @since or @unstable');
  return undefined;
};
