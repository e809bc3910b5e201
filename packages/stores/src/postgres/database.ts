// One pool of connections, and the patience of whoever uses it: a database that is away for a moment is waited for.
import { PypesError } from '@pypes/contract';
import pg, { type ClientBase, type PoolClient } from 'pg';
import { type Failure, toFailure, unknownOutcome } from './failures.ts';
import type { Settings } from './options.ts';

/** A text that is prepared once for each connection. Each is sent as a transaction of its own. */
export type Statement = { readonly name: string; readonly text: string };
export type Value = string | number | boolean | null | readonly (string | number | boolean | null)[];
export type Row = readonly unknown[];

export interface Database {
  /** Sends what may as well be done twice; again where the database was away. */
  query(statement: Statement, values: readonly Value[]): Promise<readonly Row[]>;
  /** Sends a change once; again only where it is known that nothing was done. */
  change(statement: Statement, values: readonly Value[]): Promise<readonly Row[]>;
  /**
   * Sends a change that finds out for itself whether it was done already, so that it may be sent again:
   * `settle` gets the answer, and whether one of those that were lost may have done it.
   */
  settle<T>(statement: Statement, values: readonly Value[], settle: Settle<T>): Promise<T>;
  /** A connection of one's own for a while. */
  use<T>(work: (client: ClientBase) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

type Settle<T> = (rows: readonly Row[], mayBeDone: boolean) => Promise<T>;

const FIRST_WAIT_MS = 25;
const LONGEST_WAIT_MS = 500;

export function openDatabase(settings: Settings): Database {
  const pool = new pg.Pool({ ...settings.pool, onConnect: (client) => prepare(client, settings) });
  pool.on('error', (error) => settings.onError(toFailure(error, 'connecting').error));
  // A connection that breaks says so to whoever waits for an answer, and once more as an event that nobody needs.
  pool.on('connect', (client) => client.on('error', () => {}));
  let isClosed = false;

  async function connect(): Promise<PoolClient> {
    if (isClosed) throw new PypesError('unavailable', 'The store of the runs is closed');
    try {
      return await pool.connect();
    } catch (error) {
      throw new Failed(toFailure(error, 'connecting'));
    }
  }

  async function on<T>(work: (client: ClientBase) => Promise<T>): Promise<T> {
    const client = await connect();
    try {
      const result = await work(client);
      client.release();
      return result;
    } catch (error) {
      // Whatever state it is in, nobody has to find out.
      client.release(true);
      throw new Failed(toFailure(error, 'sent'));
    }
  }

  const send = ({ name, text }: Statement, values: readonly Value[]) =>
    on(async (client) => (await client.query({ name, text, values: [...values], rowMode: 'array' })).rows as Row[]);

  /** Tries until it works, it cannot work, or patience is over. */
  async function persist<T>(does: 'nothing' | 'once' | 'known', work: (mayBeDone: boolean) => Promise<T>): Promise<T> {
    const wait = createPatience(settings.retryForMs);
    for (let mayBeDone = false; ; ) {
      try {
        return await work(mayBeDone);
      } catch (error) {
        if (!(error instanceof Failed)) throw error;
        const { isPassing, isUndone, error: said } = error.failure;
        mayBeDone ||= !isUndone && does !== 'nothing';
        if (isPassing && (isUndone || does !== 'once') && !isClosed && (await wait())) continue;
        throw mayBeDone ? unknownOutcome(said) : said;
      }
    }
  }

  return {
    query: (statement, values) => persist('nothing', () => send(statement, values)),
    change: (statement, values) => persist('once', () => send(statement, values)),
    settle: (statement, values, settle) =>
      persist('known', async (mayBeDone) => settle(await send(statement, values), mayBeDone)),
    use: (work) => persist('once', () => on(work)),
    async close() {
      if (isClosed) return;
      isClosed = true;
      await pool.end();
    },
  };
}

/** A failure on its way to whoever decides whether to try again. */
class Failed extends Error {
  override readonly name = 'Failed';
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(failure.error.message);
    this.failure = failure;
  }
}

/** Each call waits a little longer than the one before; false where that would be longer than `forMs` in all. */
function createPatience(forMs: number): () => Promise<boolean> {
  let waited = 0;
  let next = FIRST_WAIT_MS;
  return async () => {
    if (waited + next > forMs) return false;
    const wait = next;
    await new Promise((done) => setTimeout(done, wait));
    waited += wait;
    next = Math.min(next * 2, LONGEST_WAIT_MS);
    return true;
  };
}

/**
 * A statement is planned once for each connection, since planning takes longer than most of them do. A plan that was made
 * while a table was empty stays when it is full: so none may be made that is good for few rows alone. Each statement has
 * an index that it can walk, in the order in which it gives its rows.
 */
const ONLY_BY_INDEX = {
  enable_seqscan: 'off',
  enable_bitmapscan: 'off',
  enable_hashjoin: 'off',
  enable_mergejoin: 'off',
  enable_sort: 'off',
  // What is off counts as very expensive, and what is expensive would be compiled first.
  jit: 'off',
} as const;

/** What each connection is told before its first statement. */
async function prepare(client: ClientBase, { statementTimeoutMs }: Settings): Promise<void> {
  const settings = {
    plan_cache_mode: 'force_generic_plan',
    ...ONLY_BY_INDEX,
    statement_timeout: String(statementTimeoutMs),
  };
  await client.query(
    `select set_config('synchronous_commit', case current_setting('synchronous_commit')
              when 'off' then 'on' else current_setting('synchronous_commit') end, false),
            (select count(set_config(name, value, false)) from json_each_text($1) as s(name, value))`,
    [JSON.stringify(settings)],
  );
}
