#!/usr/bin/env node
// The `pypes` command: starts the TypeScript entry on a Node that can run it, whatever Node started this file.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const NEEDED_MAJOR = 24;

function bundledNode() {
  try {
    const bundled = join(dirname(createRequire(import.meta.url).resolve('node/package.json')), 'bin', 'node');
    return existsSync(bundled) ? bundled : undefined;
  } catch {
    return undefined;
  }
}

if (Number(process.versions.node.split('.')[0]) >= NEEDED_MAJOR) {
  await import('../src/main.ts');
} else {
  const node = bundledNode();
  if (node === undefined || process.env.PYPES_RESTARTED === '1') {
    console.error(`Pypes needs Node ${NEEDED_MAJOR} or newer; this is ${process.versions.node}. Install it, or run through npm: npm start`);
    process.exit(2);
  }
  const child = spawnSync(node, [import.meta.filename, ...process.argv.slice(2)], {
    stdio: 'inherit',
    env: { ...process.env, PYPES_RESTARTED: '1' },
  });
  process.exit(child.status ?? 3);
}
