// One process for each folder of objects: a lock of SQLite's, which the system gives back however its holder ends.
import { DatabaseSync } from 'node:sqlite';
import { PypesError } from '@pypes/contract';

/** Until the returned function is called, or this process ends. @throws PypesError `unavailable` where another has it */
export function holdFolder(folder: string): () => void {
  const database = new DatabaseSync(`${folder}/lock.sqlite`);
  try {
    database.exec('PRAGMA busy_timeout = 2000; PRAGMA journal_mode = DELETE; BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    throw new PypesError(
      'unavailable',
      `Another process serves the objects in ${folder}; end it, or take another root`,
      {
        cause: error,
      },
    );
  }
  return () => database.close();
}
