// A failure before the service has seen the request, answered as the service answers its own.
import { httpStatus, toPypesError } from '@pypes/contract';
import { answerError } from '../../http/answers.ts';
import { addCorsHeaders } from '../../http/gate.ts';
import type { LogEntry } from '../../http/log.ts';

/** For a request that has passed the gate: its origin may read the answer. */
export function answerFailure(request: Request, error: unknown, log: (entry: LogEntry) => void): Response {
  const failure = toPypesError(error);
  const status = httpStatus(failure.code, 'wire');
  const level = failure.code === 'internal' ? 'error' : status >= 500 ? 'warn' : 'debug';
  const cause = failure.cause === undefined ? {} : { cause: String(failure.cause) };
  log({
    level,
    event: 'request.failed',
    route: 'edge',
    status,
    code: failure.code,
    message: failure.message,
    ...cause,
  });
  const origin = request.headers.get('origin');
  return origin === null ? answerError(failure) : addCorsHeaders(answerError(failure), origin);
}
