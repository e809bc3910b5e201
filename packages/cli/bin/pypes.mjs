#!/usr/bin/env node
// The `pypes` command: starts the TypeScript entry on a Node that can run it, whatever Node started this file.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
// By its default: an older Node does not know every name, and has to come far enough to say so.
import nodeModule from 'node:module';
import { constants, homedir } from 'node:os';
import { dirname, join } from 'node:path';

const NEEDED_MAJOR = 24;

const isAtTerminal = () => [process.stdin, process.stdout, process.stderr].some((stream) => stream.isTTY === true);

function bundledNode() {
  try {
    const node = join(dirname(nodeModule.createRequire(import.meta.url).resolve('node/package.json')), 'bin', 'node');
    return existsSync(node) ? node : undefined;
  } catch {
    return undefined;
  }
}

if (Number(process.versions.node.split('.')[0]) >= NEEDED_MAJOR) {
  // By default it lies in the temporary folder, where anybody on the machine could have put it.
  const caches = process.env.XDG_CACHE_HOME || join(homedir(), '.cache');
  if (existsSync(dirname(caches))) nodeModule.enableCompileCache?.(join(caches, 'pypes', 'node'));
  const { main } = await import('../src/main.ts');
  await main(process.argv.slice(2));
} else {
  const node = bundledNode();
  if (node === undefined) {
    console.error(
      `Pypes needs Node ${NEEDED_MAJOR} or newer, this is ${process.versions.node}; install it (in the project itself, npm start brings it)`,
    );
    process.exit(2);
  }
  const child = spawn(node, [import.meta.filename, ...process.argv.slice(2)], { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      // At a terminal Ctrl-C reaches both, and a second one means more than the first.
      if (signal !== 'SIGINT' || !isAtTerminal()) child.kill(signal);
    });
  }
  child.on('exit', (code, signal) => process.exit(code ?? 128 + (constants.signals[signal] ?? 0)));
}
