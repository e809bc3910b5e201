// The folder that becomes the npm package: code, what the code reads, the Worker of the edge, parts to get later, licences, what is inside.
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { toLicences } from '../functions/licences.ts';
import { copyAssets } from './assets.ts';
import { bundle } from './bundle.ts';
import { writePackedWorker } from './edge.ts';
import { pathOf, readLock } from './lockfile.ts';
import { writePartLocks } from './part-locks.ts';
import { toSbom } from './sbom.ts';

type Manifest = { readonly version: string; readonly description: string; readonly license: string };

const ROOT = join(import.meta.dirname, '../..');
const BIN = 'packages/cli/bin/pypes.mjs';
const ENTRY = /'\.\.\/src\/main\.ts'/;

/** Replaces the folder. @returns the npm packages that were bundled, as folders of the project */
export async function writePackage(folder: string): Promise<readonly string[]> {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as Manifest;
  const { packages: inCode, read } = await bundle(folder);
  copyAssets(folder, read);
  const packages = [...new Set([...inCode, ...(await writePackedWorker(folder))])].sort();
  const lock = readLock();
  const parts = writePartLocks(lock, folder);
  writeBin(folder);
  write('package.json', toText(toManifest(manifest)));
  write('packages/cli/package.json', toText({ private: true, type: 'module', version: manifest.version }));
  write('THIRD-PARTY-NOTICES.txt', toLicences(packages));
  const { version: bundler } = createRequire(import.meta.url)('rolldown/package.json') as Manifest;
  const bundled = packages.map(pathOf);
  const contents = { version: manifest.version, licence: manifest.license, bundler, bundled, parts };
  write('sbom.cdx.json', toText(toSbom(lock, contents)));
  for (const name of ['LICENSE', 'CHANGELOG.md']) copyFileSync(join(ROOT, name), join(folder, name));
  copyFileSync(join(import.meta.dirname, 'README.package.md'), join(folder, 'README.md'));
  return packages;

  function write(path: string, text: string): void {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

/** Nothing is installed with it: what only some need is a part. */
function toManifest({ version, description, license }: Manifest): object {
  return {
    name: 'pypes',
    version,
    description,
    license,
    type: 'module',
    bin: { pypes: BIN },
    engines: { node: '>=24' },
    files: ['edge', 'lib', 'packages', 'parts', 'vendor', '*.md', '*.txt', 'sbom.cdx.json'],
    keywords: ['agents', 'mcp', 'sandbox', 'tools', 'webassembly'],
  };
}

function writeBin(folder: string): void {
  const text = readFileSync(join(ROOT, BIN), 'utf8');
  if (!ENTRY.test(text)) throw new Error(`${BIN} starts something else than src/main.ts`);
  mkdirSync(dirname(join(folder, BIN)), { recursive: true });
  writeFileSync(join(folder, BIN), text.replace(ENTRY, "'../src/main.js'"), { mode: 0o755 });
}

function toText(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
