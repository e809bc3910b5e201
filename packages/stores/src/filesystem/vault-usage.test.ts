// The log of uses: what is written, read back, and never in it.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { modeOf, newRoot } from '../testing/roots.ts';
import { GUID } from '../testing/suites.ts';
import { createVaultUsageLog, readVaultUsage } from './index.ts';

describe('the log of uses', () => {
  it('has one line for each use, and is read by name', async () => {
    const root = newRoot();
    expect(await readVaultUsage(root)).toEqual([]);
    const log = createVaultUsageLog(
      root,
      () => expect.unreachable(),
      () => 0,
    );
    const use = { pack_guid: GUID, agent: 'a', run_id: 'r' };
    for (let n = 0; n < 7; n++) log.write({ ...use, name: n % 2 === 0 ? 'A' : 'B', value: 'never' } as never);
    log.close();
    const path = join(root, 'vault/usage.jsonl');
    writeFileSync(path, `${readFileSync(path, 'utf8')}{"name":"A","ti`);
    expect(modeOf(path)).toBe('600');
    expect(readFileSync(path, 'utf8')).not.toContain('never');
    expect(await readVaultUsage(root)).toHaveLength(7);
    expect(await readVaultUsage(root, { name: 'B' })).toHaveLength(3);
    expect(await readVaultUsage(root, { name: 'A', last: 1 })).toEqual([
      { ...use, name: 'A', time: '1970-01-01T00:00:00.000Z' },
    ]);
  });

  it('says for which tenant, and is read by tenant', async () => {
    const root = newRoot();
    const log = createVaultUsageLog(root, () => expect.unreachable());
    const use = { pack_guid: GUID, agent: 'a', run_id: 'r', name: 'A' };
    for (const more of [{}, { tenant: 'acme' }, { tenant: 'Acme' }]) log.write({ ...use, ...more });
    log.close();
    const tenants = (uses: readonly { readonly tenant?: string }[]) => uses.map(({ tenant }) => tenant);
    expect(tenants(await readVaultUsage(root))).toEqual([undefined, 'acme', 'Acme']);
    expect(tenants(await readVaultUsage(root, { tenant: 'acme' }))).toEqual(['acme']);
  });
});
