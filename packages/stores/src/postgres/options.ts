// What a Postgres run store is given, checked before anything connects; no message here shows what was given.
import { PypesError } from '@pypes/contract';
import pg, { type ClientConfig, type PoolConfig } from 'pg';

/** How to reach the database, and how long to wait for it. */
export type PostgresRunStoreOptions = {
  /**
   * `postgres://user:password@host:5432/database?sslmode=verify-full`; `sslmode`, `sslrootcert` and the like say how TLS
   * is done. Directly to the server, or through a pooler in session mode: changes are heard over LISTEN.
   */
  readonly connectionString?: string;
  /** Settings of the `pg` pool, in the place of a connection string or on top of one. `max` is 10 unless it is said. */
  readonly pool?: Omit<PoolConfig, 'connectionString' | 'onConnect' | 'statement_timeout' | 'query_timeout'>;
  /** The schema that the tables are in; made where it is not there. 1 to 40 of a-z 0-9 _, `pypes` unless it is said. */
  readonly schema?: string;
  /** How long one statement may take, in milliseconds; 30,000 unless it is said. */
  readonly statementTimeoutMs?: number;
  /** How long an operation waits for a database that is away before it fails, in milliseconds; 5,000 unless it is said. */
  readonly retryForMs?: number;
  /** Told what goes wrong in the background: connections that are lost while nobody waits for them. */
  readonly onError?: (error: PypesError) => void;
};

export type Settings = {
  readonly schema: string;
  readonly pool: PoolConfig;
  /** One connection beside the pool, for LISTEN. */
  readonly client: ClientConfig;
  readonly statementTimeoutMs: number;
  readonly retryForMs: number;
  readonly onError: (error: PypesError) => void;
};

const CONNECT_MS = 5_000;
/** The server ends a statement that takes too long; this ends the wait for a server that does not answer. */
const SLACK_MS = 5_000;
const PING_MS = 5_000;

/** @throws PypesError `invalid_request` */
export function toSettings(options: PostgresRunStoreOptions): Settings {
  const { connectionString, schema = 'pypes', statementTimeoutMs = 30_000, retryForMs = 5_000 } = options;
  if (connectionString === undefined && options.pool === undefined) {
    throw new PypesError('invalid_request', 'A Postgres store needs a connection string or the settings of a pool');
  }
  if (!/^[a-z_][a-z0-9_]{0,39}$/.test(schema)) {
    throw new PypesError(
      'invalid_request',
      `"${schema.slice(0, 60)}" is no schema: 1 to 40 of a-z 0-9 _, no digit first`,
    );
  }
  const reach = {
    ...options.pool,
    ...(connectionString === undefined ? {} : { connectionString }),
    connectionTimeoutMillis: options.pool?.connectionTimeoutMillis ?? CONNECT_MS,
    keepAlive: true,
    application_name: options.pool?.application_name ?? 'pypes',
  };
  checkReach(reach);
  return {
    schema,
    pool: { idleTimeoutMillis: 30_000, ...reach, query_timeout: statementTimeoutMs + SLACK_MS },
    client: { ...reach, query_timeout: PING_MS },
    statementTimeoutMs,
    retryForMs,
    onError: options.onError ?? (() => {}),
  };
}

/** The parser of connection strings says what it was given; that has the password in it, and goes no further. */
function checkReach(reach: ClientConfig): void {
  try {
    new pg.Client(reach);
  } catch (error) {
    const code = (error as { code?: unknown } | null)?.code;
    const why = code === 'ENOENT' || code === 'EACCES' ? ': a certificate that it names cannot be read' : '';
    throw new PypesError(
      'invalid_request',
      `The connection string is none${why}; write postgres://user:password@host:5432/database?sslmode=verify-full`,
    );
  }
}
