// The journals of a folder: one of each process that writes runs there, `main` and those beside it.
import { closeSync, fsyncSync, mkdirSync, openSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';

const NAME = /^(?:main|side-[0-9a-f-]{36})$/;

/** A journal, and where it lies. */
export type RunJournal = { readonly name: string; readonly folder: string };

/** All journals below a folder of runs; `main` first. Empty where the folder is missing. */
export function listRunJournals(folder: string): readonly RunJournal[] {
  const journals = join(folder, 'journals');
  let names: string[] = [];
  try {
    names = readdirSync(journals);
  } catch (error) {
    if ((error as { code?: unknown }).code !== 'ENOENT') throw error;
  }
  return names
    .filter((name) => NAME.test(name))
    .sort()
    .map((name) => ({ name, folder: join(journals, name) }));
}

/** A journal with this name; its folder is made where it is missing, and survives a crash. */
export function makeRunJournal(folder: string, name: string): RunJournal {
  const path = join(folder, 'journals', name);
  const first = mkdirSync(path, { recursive: true, mode: 0o700 });
  for (let made = path; first !== undefined && made.length >= first.length; made = dirname(made))
    syncNow(dirname(made));
  return { name, folder: path };
}

function syncNow(path: string): void {
  const folder = openSync(path, 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
