// The sandbox in a thread of Node: QuickJS compiled once for the thread, the prelude as the host stripped it.
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { workerData } from 'node:worker_threads';
import type { ThreadData } from '../../../threads/wire/messages.ts';
import { createQuickJs } from './instance.ts';
import type { SandboxPlatform } from './platform.ts';

const ROOT = new URL('../../../', import.meta.url).href;

let compiled: Promise<WebAssembly.Module> | undefined;

export const nodePlatform: SandboxPlatform = {
  async createQuickJs(guestBytes, onGrow) {
    compiled ??= readFile(fileURLToPath(import.meta.resolve('@jitl/quickjs-ng-wasmfile-release-sync/wasm'))).then(
      (bytes) => WebAssembly.compile(bytes),
    );
    return createQuickJs(await compiled, guestBytes, onGrow);
  },
  textOf,
  extension: import.meta.url.slice(import.meta.url.lastIndexOf('.')),
};

const texts = new Map<string, string>();

/** As the host stripped it, or, run from JavaScript, as it lies on the disk. */
function textOf(path: string): string {
  const url = ROOT + path;
  const text =
    texts.get(url) ?? (workerData as ThreadData).modules.get(url) ?? readFileSync(fileURLToPath(url), 'utf8');
  texts.set(url, text);
  return text;
}
