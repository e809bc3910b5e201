// Runs and their files on a disk: one append-only journal for all runs of a process, an index that is made of it.
export { createFilesystemArtifactStore } from './artifacts.ts';
export { listRunJournals, type RunJournal } from './journal-folders.ts';
export type { RunStoreProblem } from './problem.ts';
export { openRunReader, type RunReader } from './reader.ts';
export { createFilesystemRunStore, type RunStoreOptions } from './store.ts';
