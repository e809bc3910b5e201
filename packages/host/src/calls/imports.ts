// What an agent's file imports and its pack has not: refused by name, before anything of the file runs (spec 4).
import { type ImportNeed, PypesError } from '@pypes/contract';
import type { Capabilities } from '../capabilities/capabilities.ts';
import type { Pack } from '../packs/pack.ts';
import type { Within } from './within.ts';

/** @throws PypesError `policy_denied` that names every import that is missing, and how it would be there */
export async function checkImports(
  agent: string,
  imports: readonly ImportNeed[],
  pack: Pack,
  capabilities: Capabilities,
  within?: Within,
): Promise<void> {
  const missing: { readonly name: string; readonly why: string }[] = [];
  for (const { name, operation, agents } of imports) {
    const permission =
      operation === undefined ? undefined : await capabilities.missingFor(operation, pack, within?.permissions);
    if (permission !== undefined) missing.push({ name, why: `pypes grant ${pack.guid} ${permission}` });
    if (within !== undefined) {
      const open = agents?.find((agent) => !within.provides(agent));
      if (open !== undefined) missing.push({ name, why: `nothing is wired to ${open}` });
      continue;
    }
    const absent = agents === undefined ? undefined : await findAbsent(agents, pack);
    if (absent !== undefined) missing.push({ name, why: `no agent of this pack provides ${absent}` });
  }
  if (missing.length === 0) return;
  const list = missing.map(({ name, why }) => `${name} (${why})`).join(', ');
  throw new PypesError('policy_denied', `"${agent}" imports what it was not granted: ${list}`, {
    details: { imports: missing.map(({ name }) => name) },
  });
}

/** The look is a cheap one: the call itself finds the agents anew. */
async function findAbsent(agents: readonly string[], pack: Pack): Promise<string | undefined> {
  const view = await pack.catalog.view();
  return agents.find((name) => !view.agents.has(name) && !view.byWit.has(name));
}
