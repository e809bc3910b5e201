// The vault operation of `context`: a granted secret, which from then on is cut out of what leaves the chain of calls.
import { PypesError, type Vault } from '@pypes/contract';
import { textOf } from './content.ts';
import type { Perform, Use } from './operation.ts';

/** The operation over a vault. */
export function vaultOperation(vault: Vault | undefined): { readonly 'vault.get': Perform } {
  return {
    'vault.get': (use) => openSecret(vault, textOf(use.operation, 'name', use.parameters), use),
  };
}

/** Opens a secret of the use's tenant and hides it. @throws PypesError `unsupported`, `not_found`, `unavailable` */
export async function openSecret(vault: Vault | undefined, name: string, use: Use): Promise<string> {
  if (vault === undefined) {
    throw new PypesError('unsupported', 'This host has no vault; an operator makes one with: pypes vault init');
  }
  const value = await vaultOf(vault, use.scope.tenant).open(name);
  use.chain.hide(name, value);
  use.onSecret(name);
  return value;
}

/** A tenant has its own secrets or none: the operator's are not its. */
function vaultOf(vault: Vault, tenant: string | undefined): Pick<Vault, 'open'> {
  if (tenant === undefined) return vault;
  if (vault.of !== undefined) return vault.of(tenant);
  throw new PypesError('unsupported', "The vault of this host keeps the operator's secrets alone, none of tenants");
}
