// What the operations of one store share.
import type { Changes } from './changes.ts';
import type { Database } from './database.ts';
import type { Statements } from './statements.ts';

export type Session = {
  readonly database: Database;
  readonly statements: Statements;
  readonly changes: Changes;
  /** The name of this process in what it tells others. */
  readonly origin: string;
  /** How many batches of one kind may be under way. */
  readonly lanes: number;
};
