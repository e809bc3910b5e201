// Makes folders that can be deployed: `node scripts/package-functions.ts [aws-lambda | azure-functions] [--out <folder>]`.
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { packageFunction } from './functions/package.ts';
import { isTarget, TARGETS } from './functions/targets.ts';

const { values, positionals } = parseArgs({ options: { out: { type: 'string' } }, allowPositionals: true });
const wanted = positionals.length === 0 ? TARGETS : positionals;
const out = resolve(values.out ?? join(import.meta.dirname, '../dist/functions'));

for (const name of wanted) {
  if (!isTarget(name)) {
    console.error(`There is no "${name}"; it takes ${TARGETS.join(' or ')}`);
    process.exitCode = 2;
    continue;
  }
  const { folder, bytes, files } = await packageFunction(name, join(out, name));
  console.log(`${folder}  ${files} files, ${(bytes / 1024 / 1024).toFixed(1)} MiB`);
}
