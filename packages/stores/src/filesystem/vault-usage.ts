// Who opened which secret, and when: vault/usage.jsonl, one line a use, never a value.
import { join } from 'node:path';
import { isJsonObject } from '@pypes/contract';
import { appendLines } from './append.ts';
import { diskError, isMissing } from './errors.ts';
import { readLines } from './lines.ts';

/** One use of a secret. */
export type VaultUsage = {
  readonly time: string;
  readonly name: string;
  readonly pack_guid: string;
  readonly agent: string;
  readonly run_id: string;
  readonly tenant?: string;
};

/** The log of uses, written to. */
export interface VaultUsageLog {
  write(use: Omit<VaultUsage, 'time'>): void;
  close(): void;
}

/** Opens `<root>/vault/usage.jsonl` when the first use comes; `onError` is given the number of uses that were lost. */
export function createVaultUsageLog(
  root: string,
  onError: (error: unknown, lines: number) => void,
  now: () => number = Date.now,
): VaultUsageLog {
  const lines = appendLines(join(root, 'vault', 'usage.jsonl'), onError);
  return {
    write({ name, pack_guid, agent, run_id, tenant }) {
      const use = { time: new Date(now()).toISOString(), name, pack_guid, agent, run_id };
      lines.write(JSON.stringify(tenant === undefined ? use : { ...use, tenant }));
    },
    close: () => lines.close(),
  };
}

/**
 * The newest uses, oldest first, of one secret or of all, of one tenant or of everybody; a line that a crash cut off is
 * left out.
 */
export async function readVaultUsage(
  root: string,
  { name, tenant, last = 100 }: { readonly name?: string; readonly tenant?: string; readonly last?: number } = {},
): Promise<readonly VaultUsage[]> {
  const uses: VaultUsage[] = [];
  try {
    for await (const line of readLines(join(root, 'vault', 'usage.jsonl'))) {
      const use = parseUse(line);
      if (use === undefined || (name !== undefined && use.name !== name)) continue;
      if (tenant !== undefined && use.tenant !== tenant) continue;
      uses.push(use);
      if (uses.length > 2 * last) uses.splice(0, uses.length - last);
    }
  } catch (error) {
    if (!isMissing(error)) throw diskError('read the usage of the vault', error);
  }
  return uses.slice(-last);
}

function parseUse(line: string): VaultUsage | undefined {
  try {
    const use: unknown = JSON.parse(line);
    const keys = ['time', 'name', 'pack_guid', 'agent', 'run_id'];
    const isUse = isJsonObject(use) && keys.every((key) => typeof use[key] === 'string');
    return isUse && ['string', 'undefined'].includes(typeof use.tenant) ? (use as unknown as VaultUsage) : undefined;
  } catch {
    return undefined;
  }
}
