// Whether the packs of a run are what was checked: their functions were read without running anything, and are loaded
// now; a file that says something else when it runs is refused.
import { canonicalJson, type Json, PypesError } from '@pypes/contract';
import type { Pack } from '../../packs/pack.ts';
import type { Part } from '../graph/components.ts';

/** @throws PypesError `agent_broken` where a file cannot be loaded, `conflict` where it is not what was checked */
export async function checkSameFunctions(
  parts: ReadonlyMap<string, Part>,
  packs: ReadonlyMap<string, Pack>,
): Promise<void> {
  for (const [name, { facts }] of parts) {
    const view = await packs.get(name)?.catalog.view();
    for (const [called, { parameters, returns }] of Object.entries(facts.functions)) {
      const loaded = view?.agents.get(called) ?? view?.byWit.get(called);
      if (loaded === undefined) {
        const [broken] = view?.quarantined ?? [];
        const why = broken === undefined ? 'it is not there when it is loaded' : broken.error;
        throw new PypesError('agent_broken', `"${name}.${called}" cannot be called: ${why}`);
      }
      const { metadata } = loaded;
      // What is not known was taken for anything, so that anything is what was checked.
      if (isOther(parameters, metadata.parameters) || isOther(returns, metadata.returns)) {
        throw new PypesError(
          'conflict',
          `"${name}.${called}" says other types when it is loaded than its file does; write AGENT as plain data and leave it alone`,
        );
      }
    }
  }
}

function isOther(checked: Json | undefined, loaded: Json | undefined): boolean {
  return checked !== undefined && (loaded === undefined || canonicalJson(checked) !== canonicalJson(loaded));
}
