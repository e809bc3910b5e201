// Makes the folder of the edge: `node scripts/package-edge.ts [--out <folder>]`.
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { packageEdge } from './edge/package.ts';

const { values } = parseArgs({ options: { out: { type: 'string' } } });
const { folder, files } = await packageEdge(resolve(values.out ?? join(import.meta.dirname, '../dist/edge')));
const kilobytes = (bytes: number) => `${(bytes / 1024).toFixed(0)} KiB`;
for (const { name, bytes, gzipped } of files)
  console.log(`${name.padEnd(20)} ${kilobytes(bytes).padStart(10)} ${kilobytes(gzipped).padStart(10)} gzipped`);
const whole = files.reduce((sum, { gzipped }) => sum + gzipped, 0);
console.log(`${folder}  ${kilobytes(whole)} gzipped; Cloudflare takes 3072 KiB on its free plan, 10240 KiB on others`);
