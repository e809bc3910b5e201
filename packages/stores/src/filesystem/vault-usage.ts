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
    write({ name, pack_guid, agent, run_id }) {
      lines.write(JSON.stringify({ time: new Date(now()).toISOString(), name, pack_guid, agent, run_id }));
    },
    close: () => lines.close(),
  };
}

/** The newest uses, oldest first, of one secret or of all; a line that a crash cut off is left out. */
export async function readVaultUsage(
  root: string,
  { name, last = 100 }: { readonly name?: string; readonly last?: number } = {},
): Promise<readonly VaultUsage[]> {
  const uses: VaultUsage[] = [];
  try {
    for await (const line of readLines(join(root, 'vault', 'usage.jsonl'))) {
      const use = parseUse(line);
      if (use === undefined || (name !== undefined && use.name !== name)) continue;
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
    return isJsonObject(use) && keys.every((key) => typeof use[key] === 'string')
      ? (use as unknown as VaultUsage)
      : undefined;
  } catch {
    return undefined;
  }
}
