// Starts a thread that is not bound to a file yet.

import { readdirSync, readFileSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { guestEnvironment } from '../../environment.ts';
import { stripOwnTypes } from '../stripped.ts';
import { type Claims, createClaims } from '../wire/claims.ts';
import type { ThreadData } from '../wire/messages.ts';
import { createOutbox } from '../wire/outbox.ts';

export type Thread = { readonly worker: Worker; readonly claims: Claims; readonly outbox: SharedArrayBuffer };

/** A language that threads can speak. */
export type ThreadLanguage = {
  /** The module that exports `language` (guest/language.ts). */
  readonly entry: URL;
  /** The folders of this package that its modules lie in, with a slash at their ends. */
  readonly folders: readonly URL[];
};

const languages: ThreadLanguage[] = [];

/** The language whose module `name` lies in `folder`; further folders hold what that imports. */
export function languageAt(folder: URL, name: string, ...folders: readonly URL[]): ThreadLanguage {
  const extension = import.meta.url.slice(import.meta.url.lastIndexOf('.'));
  const language = { entry: new URL(`${name}${extension}`, folder), folders: [folder, ...folders] };
  languages.push(language);
  return language;
}

/** Reads the modules of every language, as its first thread would. */
export function readGuests(): void {
  for (const language of languages) guestOf(language);
}

export function startThread({ name, language, heapMebibytes }: ThreadStart): Thread {
  const { boot, main, entry, modules } = guestOf(language);
  const claims = createClaims();
  const outbox = createOutbox();
  const workerData: ThreadData = { main, entry, modules, claims, outbox };
  const worker = new Worker(boot, {
    name,
    workerData,
    execArgv: [],
    env: guestEnvironment(),
    resourceLimits: { maxOldGenerationSizeMb: heapMebibytes },
  });
  return { worker, claims, outbox };
}

export type ThreadStart = {
  readonly name: string;
  readonly language: ThreadLanguage;
  readonly heapMebibytes: number;
};

type Guest = {
  readonly boot: URL;
  readonly main: string;
  readonly entry: string;
  readonly modules: ReadonlyMap<string, string>;
};

const guests = new Map<ThreadLanguage, Guest>();
const FOLDERS = ['../guest/', '../wire/'].map((path) => new URL(path, import.meta.url));

function guestOf(language: ThreadLanguage): Guest {
  const guest = guests.get(language) ?? readGuest(language);
  guests.set(language, guest);
  return guest;
}

/**
 * The guest's modules. Run from TypeScript, they are stripped here, once: a thread that did so itself would start
 * twice as slowly and keep the stripper's 12 MB for good.
 */
function readGuest(language: ThreadLanguage): Guest {
  const extension = import.meta.url.slice(import.meta.url.lastIndexOf('.'));
  const locate = (name: string) => new URL(`../guest/${name}${extension}`, import.meta.url);
  const entry = language.entry.href;
  if (extension !== '.ts') return { boot: locate('boot'), main: locate('main').href, entry, modules: new Map() };
  const modules = new Map<string, string>();
  for (const folder of [...FOLDERS, ...language.folders]) {
    for (const name of readdirSync(folder)) {
      if (!name.endsWith('.ts') || name.endsWith('.test.ts')) continue;
      const url = new URL(name, folder);
      modules.set(url.href, stripOwnTypes(readFileSync(url, 'utf8')));
    }
  }
  const boot = new URL(`data:text/javascript,${encodeURIComponent(modules.get(locate('boot').href) ?? '')}`);
  return { boot, main: locate('main').href, entry, modules };
}
