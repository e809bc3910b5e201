// What wrangler would upload: the packaged folder is complete, small enough for every plan, and has what it needs.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type PackagedEdge, packageEdge } from '../../../../../scripts/edge/package.ts';

const WRANGLER = join(import.meta.dirname, '../../../../../.tools/wrangler/node_modules/wrangler/bin/wrangler.js');
const isMissing = !existsSync(WRANGLER) && process.env.CI === undefined;
const FREE_PLAN_BYTES = 3 * 1024 * 1024;

describe('the packaged edge', () => {
  const root = mkdtempSync(join(tmpdir(), 'pypes-wrangler-'));
  let packaged: PackagedEdge;
  beforeAll(async () => {
    packaged = await packageEdge(join(root, 'edge'));
  });
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  it('fits the free plan, and names what others wrote', () => {
    expect(packaged.files.map(({ name }) => name)).toEqual([
      'quickjs.wasm',
      'transpiler_core.wasm',
      'transpiler_core2.wasm',
      'transpiler_part1.wasm',
      'transpiler_part2.wasm',
      'typescript.wasm',
      'worker.mjs',
    ]);
    expect(packaged.files.reduce((sum, { gzipped }) => sum + gzipped, 0)).toBeLessThan(FREE_PLAN_BYTES);
    const licences = readFileSync(join(packaged.folder, 'licences.md'), 'utf8');
    for (const name of [
      'fengari',
      'quickjs-emscripten-core',
      '@swc/wasm-typescript-esm',
      '@bytecodealliance/jco-transpile',
    ])
      expect(licences).toContain(name);
  });

  it('holds nothing of this machine, and generates no code', () => {
    const worker = readFileSync(join(packaged.folder, 'worker.mjs'), 'utf8');
    const root = join(import.meta.dirname, '../../../../..');
    expect(worker.includes(root)).toBe(false);
    expect(/\bnew Function\b|[^.\w}]eval\s*\(/.test(worker)).toBe(false);
    expect(/\bfrom\s*["']node:|\brequire\(["']/.test(worker)).toBe(false);
  });

  it.skipIf(isMissing)('is what wrangler deploys (needs wrangler in .tools/wrangler)', { timeout: 180_000 }, () => {
    const out = join(root, 'out');
    const config = join(packaged.folder, 'wrangler.jsonc');
    const text = readFileSync(config, 'utf8');
    expect(text).toContain('// "worker_loaders"');
    writeFileSync(config, text.replace('// "worker_loaders"', '"worker_loaders"'));
    const said = execFileSync(process.execPath, [WRANGLER, 'deploy', '--dry-run', '--outdir', out], {
      cwd: packaged.folder,
      encoding: 'utf8',
      env: { PATH: process.env.PATH, HOME: root, WRANGLER_SEND_METRICS: 'false', CI: '1' },
    });
    expect(readdirSync(out)).toEqual(expect.arrayContaining(['quickjs.wasm', 'typescript.wasm', 'worker.mjs']));
    for (const name of ['PACKS (PackObject)', 'DIRECTORY (DirectoryObject)', 'LOADER', 'PYPES_ALLOW_HOSTS'])
      expect(said).toContain(name);
    expect(said).not.toContain('licences');
    expect(said).not.toMatch(/warning/i);
  });
});
