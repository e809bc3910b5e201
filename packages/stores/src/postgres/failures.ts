// What a database that fails means: whether it passes, whether the statement may have been done, and what to tell people.
import { type ErrorCode, PypesError } from '@pypes/contract';

/** Why a statement failed. */
export type Failure = {
  /** Whether the same statement may succeed soon. */
  readonly isPassing: boolean;
  /** Whether it is known that nothing was done. */
  readonly isUndone: boolean;
  readonly error: PypesError;
};

/** Where in its life a statement was: before it was sent nothing can have been done. */
type Phase = 'connecting' | 'sent';

/** What the server said before it did anything, or after it undid everything: code or class → advice. */
const PASSING: { readonly [sqlstate: string]: string } = {
  '40001': 'two changes met; try again',
  '40P01': 'two changes waited for each other; try again',
  '55P03': 'a row is locked; try again',
  '57P03': 'it is starting up or shutting down; try again in a moment',
  '53300': 'it has no connection left; raise max_connections, or lower the pools of the processes that use it',
  '25006': 'it only reads at the moment (a standby?); connect to the primary',
};

const LASTING: { readonly [sqlstate: string]: readonly [ErrorCode, string] } = {
  '28P01': ['unavailable', 'it refuses the user or the password; check the connection string'],
  '28000': ['unavailable', 'it refuses the user from here; check the connection string and pg_hba.conf'],
  '3D000': ['unavailable', 'there is no such database; create it with createdb, or name another one'],
  '42501': ['unavailable', 'the user may not do that; grant CREATE on the database, or own the schema'],
  '53100': ['resource_exhausted', 'its disk is full; free some space'],
  '53200': ['resource_exhausted', 'it is out of memory'],
  '54000': ['invalid_request', 'a value is too long for it'],
  '57014': ['unavailable', 'the statement took too long and was undone; try again, or raise statementTimeoutMs'],
  '22021': ['invalid_request', 'a value has a character that it cannot keep'],
  '22P05': ['invalid_request', 'a value has a character that it cannot keep'],
};

/** What became of a statement. Messages name no user, no password and no value. */
export function toFailure(thrown: unknown, phase: Phase): Failure {
  if (thrown instanceof PypesError) return { isPassing: false, isUndone: true, error: thrown };
  const { code, severity } = (thrown ?? {}) as { code?: unknown; severity?: unknown };
  const sqlstate = typeof code === 'string' && typeof severity === 'string' ? code : undefined;
  if (sqlstate === undefined) return lostConnection(code, phase);
  const passing = PASSING[sqlstate];
  if (passing !== undefined) return { isPassing: true, isUndone: true, error: failed('unavailable', passing) };
  // Told to go while it worked: whether the commit was before that, nobody has heard.
  if (sqlstate.startsWith('57P') || sqlstate.startsWith('08')) return lostConnection(sqlstate, phase);
  const [kind, advice] = LASTING[sqlstate] ?? ['internal', `it refused a statement with ${sqlstate}`];
  return { isPassing: false, isUndone: true, error: failed(kind, advice, thrown) };
}

/** That nobody knows whether a change was made, in the words of the failure that hid it. */
export function unknownOutcome({ message }: PypesError): PypesError {
  return new PypesError('unavailable', `${message}; whether the change was made is not known, so read it first`);
}

function lostConnection(code: unknown, phase: Phase): Failure {
  const why = typeof code === 'string' && /^[A-Z0-9_]{3,40}$/.test(code) ? ` (${code})` : '';
  const advice =
    phase === 'connecting'
      ? `no connection${why}; check that it runs, its address, and its certificate`
      : `the connection was lost${why}`;
  return { isPassing: true, isUndone: phase === 'connecting', error: failed('unavailable', advice) };
}

/** What the server refused is kept for whoever looks for the reason; what a connection said may have its address in it. */
function failed(code: ErrorCode, advice: string, cause?: unknown): PypesError {
  return new PypesError(code, `The database of the runs fails: ${advice}`, { cause });
}
