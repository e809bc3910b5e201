// One row for each pack: what comes late counts for nothing.
import { expect, it } from 'vitest';
import { openSqliteObject } from '../../../../../stores/src/testing/sqlite-object.ts';
import { createDirectoryRows } from './rows.ts';

const GUID = '3f0e7a52-6a7c-4c0e-9d3e-0a4f5b6c7d8e';
const summaryOf = (name: string) => ({
  pack_guid: GUID,
  name,
  purpose: '',
  agent_count: 1,
  created_at: '2026-01-01T00:00:00.000Z',
  created_by: '',
});

it('a change is settled by the one who announced it last, once', () => {
  const rows = createDirectoryRows(openSqliteObject());
  rows.announce(GUID, 'first');
  rows.announce(GUID, 'second');
  rows.settle(GUID, 'first', summaryOf('late'));
  expect(rows.all()).toEqual([{ guid: GUID, summary: undefined, intent: 'second' }]);
  rows.settle(GUID, 'second', summaryOf('right'));
  for (const intent of ['first', 'second', '']) {
    rows.settle(GUID, intent, undefined);
    rows.settle(GUID, intent, summaryOf('late'));
  }
  expect(rows.all()).toEqual([{ guid: GUID, summary: summaryOf('right'), intent: undefined }]);
});

it('a pack is known from when it is announced until its removal is settled', () => {
  const rows = createDirectoryRows(openSqliteObject());
  expect(rows.has(GUID)).toBe(false);
  rows.settle(GUID, 'nobody', summaryOf('unannounced'));
  expect(rows.has(GUID)).toBe(false);
  rows.announce(GUID, 'a');
  expect(rows.has(GUID)).toBe(true);
  rows.settle(GUID, 'a', undefined);
  expect([rows.has(GUID), rows.all()]).toEqual([false, []]);
});
