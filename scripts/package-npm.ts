// Makes the package that people install: `node scripts/package-npm.ts [--out <folder>]`, by default dist/npm.
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { pack } from './npm/pack.ts';
import { writePackage } from './npm/package.ts';

const MEBIBYTE = 1024 * 1024;

const { values } = parseArgs({ options: { out: { type: 'string' } } });
const out = resolve(values.out ?? join(import.meta.dirname, '../dist/npm'));
const bundled = await writePackage(join(out, 'pypes'));
const { file, bytes, unpackedBytes, files } = pack(join(out, 'pypes'), out);
console.log(
  `${file}  ${(bytes / MEBIBYTE).toFixed(1)} MiB packed, ${(unpackedBytes / MEBIBYTE).toFixed(1)} MiB installed, ${files} files, ${bundled.length} packages of others bundled`,
);
