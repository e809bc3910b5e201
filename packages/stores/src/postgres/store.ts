// Runs in Postgres, for any number of processes on any number of machines (spec 5, stores behind interfaces).
import type { RunStore } from '@pypes/contract/runs';
import { createAppend } from './append.ts';
import { createChanges } from './changes.ts';
import { createClaims } from './claim.ts';
import { createCreate } from './create.ts';
import { openDatabase } from './database.ts';
import { migrate } from './migrate.ts';
import { type PostgresRunStoreOptions, toSettings } from './options.ts';
import { createReads } from './reads.ts';
import type { Session } from './session.ts';
import { createStatements } from './statements.ts';
import { createUpdate } from './update.ts';

const LANES = 2;

/**
 * Opens the database, and brings its tables up to date. Whatever was answered is committed, and on the server's disk.
 *
 * @throws PypesError `unavailable` where the database is away, `unsupported_schema` where its tables are newer,
 *   `invalid_request` for options that cannot be meant
 * @example
 * const store = await createPostgresRunStore({ connectionString: 'postgres://pypes@localhost/pypes' });
 */
export async function createPostgresRunStore(options: PostgresRunStoreOptions): Promise<RunStore> {
  const settings = toSettings(options);
  const database = openDatabase(settings);
  try {
    await migrate(database, settings.schema);
  } catch (error) {
    await database.close();
    throw error;
  }
  const origin = crypto.randomUUID();
  const channel = `pypes_${settings.schema}`;
  const changes = createChanges(settings, channel, origin);
  await changes.start();
  const statements = createStatements(settings.schema, channel);
  return toStore({ database, statements, changes, origin, lanes: LANES });
}

function toStore(session: Session): RunStore {
  const { database, changes } = session;
  return {
    create: createCreate(session),
    update: createUpdate(session),
    append: createAppend(session),
    ...createClaims(session),
    ...createReads(session),
    follow: (ref, onChange) => changes.follow(ref, onChange),
    watch: (onChange) => changes.watch(onChange),
    async close() {
      await changes.close();
      await database.close();
    },
  };
}
