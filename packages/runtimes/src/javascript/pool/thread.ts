// Starts a thread that is not bound to a file yet.
import { readdirSync, readFileSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { stripTypes } from '../source/strip.ts';
import { type Claims, createClaims } from '../wire/claims.ts';
import type { ThreadData } from '../wire/messages.ts';
import { createOutbox } from '../wire/outbox.ts';

export type Thread = { readonly worker: Worker; readonly claims: Claims; readonly outbox: SharedArrayBuffer };

export function startThread(heapMebibytes: number): Thread {
  guestModules ??= readGuest();
  const { boot, main, modules } = guestModules;
  const claims = createClaims();
  const outbox = createOutbox();
  const workerData: ThreadData = { main, modules, claims, outbox };
  const worker = new Worker(boot, {
    workerData,
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: heapMebibytes },
  });
  return { worker, claims, outbox };
}

type Guest = { readonly boot: URL; readonly main: string; readonly modules: ReadonlyMap<string, string> };
let guestModules: Guest | undefined;

const FOLDERS = ['../guest/', '../wire/'];

/**
 * The guest's modules. Run from TypeScript, they are stripped here, once: a thread that did so itself would start
 * twice as slowly and keep the stripper's 12 MB for good.
 */
function readGuest(): Guest {
  const extension = import.meta.url.slice(import.meta.url.lastIndexOf('.'));
  const locate = (name: string) => new URL(`../guest/${name}${extension}`, import.meta.url);
  if (extension !== '.ts') return { boot: locate('boot'), main: locate('main').href, modules: new Map() };
  const modules = new Map<string, string>();
  for (const folder of FOLDERS.map((path) => new URL(path, import.meta.url))) {
    for (const name of readdirSync(folder)) {
      if (!name.endsWith('.ts') || name.endsWith('.test.ts')) continue;
      const url = new URL(name, folder);
      modules.set(url.href, stripTypes(readFileSync(url, 'utf8')));
    }
  }
  const boot = new URL(`data:text/javascript,${encodeURIComponent(modules.get(locate('boot').href) ?? '')}`);
  return { boot, main: locate('main').href, modules };
}
