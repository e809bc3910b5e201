// Requests for approval on a disk: the shared suite, another process, damage.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { testApprovalStore } from '../testing/approvals.ts';
import { newRoot } from '../testing/roots.ts';
import { createFilesystemApprovalStore } from './index.ts';

testApprovalStore('filesystem', () => createFilesystemApprovalStore(newRoot(), () => Date.parse('2026-01-01')));

it('is read by a second store of the same folder, and says which file is damaged', async () => {
  const root = newRoot();
  const key = 'e'.repeat(64);
  mkdirSync(join(root, 'approvals'));
  writeFileSync(join(root, 'approvals', `${key}.json`), '{"key": 1}');
  await expect(createFilesystemApprovalStore(root).find(key)).rejects.toMatchObject({ code: 'unavailable' });
  await expect(createFilesystemApprovalStore(root).list()).rejects.toMatchObject({ code: 'unavailable' });
  expect(await createFilesystemApprovalStore(root).find('../../etc/passwd')).toBeUndefined();
});
