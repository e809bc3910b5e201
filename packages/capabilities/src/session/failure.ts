// What went wrong in a page, in the words of the error table.
import { type ErrorCode, PypesError } from '@pypes/contract';

/** What Playwright says, and what it means; the first that fits counts. */
const MEANINGS: readonly (readonly [says: RegExp, code: ErrorCode, message: string])[] = [
  [/crashed/i, 'handler_failed', 'The page crashed; the next session.goto opens a new one'],
  [/Timeout \d+ms exceeded/, 'timeout', 'The page did not get there in time'],
  [/Download is starting/, 'policy_denied', 'The address is a download, which a session does not take; use fetch'],
  [/ERR_TUNNEL_CONNECTION_FAILED|ERR_PROXY/, 'policy_denied', 'No network rule lets the page go there'],
  [
    /ERR_UNSAFE_REDIRECT|ERR_UNKNOWN_URL_SCHEME|ERR_BLOCKED|ERR_DISALLOWED/,
    'policy_denied',
    'The page may not go there',
  ],
  [/net::ERR_/, 'unavailable', 'The page could not be loaded'],
  [/has been closed|Target closed/, 'unavailable', 'The page was closed'],
  [/while parsing|not a valid selector|Unknown engine/, 'invalid_input', 'There is no such selector'],
];

export function toPageFailure(error: unknown): unknown {
  if (error instanceof PypesError) return error;
  const text = error instanceof Error ? error.message : String(error);
  const [line = ''] = text.split('\n');
  const [, code, message] = MEANINGS.find(([says]) => says.test(text)) ?? [/^/, 'handler_failed' as const, 'The page'];
  return new PypesError(code, `${message} (${line.slice(0, 200)})`, { cause: error });
}
