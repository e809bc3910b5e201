// The Worker of the installed package comes out as it went in, or not at all; all of it runs in scripts/npm/package.test.ts.
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { afterAll, beforeEach, expect, it } from 'vitest';
import { PACKED_WORKER, unpackWorker } from './packed-worker.ts';

const root = mkdtempSync(join(tmpdir(), 'pypes-packed-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const [packed, to] = [join(root, 'packed'), join(root, 'worker')];
const TEXT = 'export default {};\n';

beforeEach(() => {
  rmSync(to, { recursive: true, force: true });
  mkdirSync(packed, { recursive: true });
  writeFileSync(join(packed, 'worker.mjs.br'), brotliCompressSync(Buffer.from(TEXT)));
  const sha256 = createHash('sha256').update(TEXT).digest('hex');
  writeFileSync(join(packed, PACKED_WORKER), JSON.stringify({ 'worker.mjs': { from: 'worker.mjs.br', sha256 } }));
});

it('comes out as it went in, and is not written again', () => {
  unpackWorker(packed, to);
  expect(readFileSync(join(to, 'worker.mjs'), 'utf8')).toBe(TEXT);
  const { mtimeMs } = statSync(join(to, 'worker.mjs'));
  unpackWorker(packed, to);
  expect(statSync(join(to, 'worker.mjs')).mtimeMs).toBe(mtimeMs);
});

it('is written again where somebody changed it, or left half of it', () => {
  unpackWorker(packed, to);
  for (const changed of ['', 'export default { fetch() {} };\n']) {
    writeFileSync(join(to, 'worker.mjs'), changed);
    unpackWorker(packed, to);
    expect(readFileSync(join(to, 'worker.mjs'), 'utf8')).toBe(TEXT);
  }
});

it('is refused where the package was changed', () => {
  writeFileSync(join(packed, 'worker.mjs.br'), brotliCompressSync(Buffer.from('somebody else\n')));
  expect(() => unpackWorker(packed, to)).toThrow(/worker\.mjs.*install it again/);
  expect(readdirSync(to)).toEqual([]);
});
