// data-budget per run: how many bytes, and how many calls, may cross an edge in one run, and in one call.
import { type Call, type Json, jsonSize, type Policy, PypesError } from '@pypes/contract';
import { compileMatch, type Match } from '../match/match.ts';
import { keyWithin } from '../match/tenant.ts';
import { note } from '../trail.ts';

/** What may cross. A run is an outermost call with all that it calls. Bytes are those of JSON text. */
export type RunBudgetOptions = Match & {
  readonly max_bytes_per_call?: number;
  readonly max_bytes_per_run?: number;
  readonly max_calls_per_run?: number;
  /** What is measured; default: both. */
  readonly on?: 'args' | 'reply' | 'both';
};

const MOST_RUNS = 10_000;

/**
 * Denies what goes beyond the budget with `policy_denied` and details `{policy, limit, maximum}`. What a reply takes is
 * taken before it is handed on: a reply that does not fit is not handed on.
 *
 * @example
 * runBudget({ from: 'orchestrator', to: 'llm', max_bytes_per_call: 1024, max_bytes_per_run: 65536 });
 */
export function runBudget(options: RunBudgetOptions): Policy {
  const { max_bytes_per_call: call, max_bytes_per_run: run, max_calls_per_run: calls, on = 'both' } = options;
  const matches = compileMatch(options);
  const spent = new Map<string, { bytes: number; calls: number }>();

  function spend(of: Call, value: Json, what: string): void {
    const size = jsonSize(value);
    const account = accountOf(spent, keyWithin(of, of.root ?? of.run));
    if (call !== undefined && size > call)
      throw deny(of, `${what} of "${of.to}" has ${size} bytes`, 'max_bytes_per_call', call);
    if (run !== undefined && account.bytes + size > run) {
      throw deny(
        of,
        `${what} of "${of.to}" would make it ${account.bytes + size} bytes in this run`,
        'max_bytes_per_run',
        run,
      );
    }
    account.bytes += size;
  }

  return async (of, next) => {
    if (!matches(of)) return next(of);
    if (calls !== undefined) {
      const account = accountOf(spent, keyWithin(of, of.root ?? of.run));
      if (account.calls >= calls)
        throw deny(of, `"${of.to}" was called ${calls} times in this run`, 'max_calls_per_run', calls);
      account.calls += 1;
    }
    if (on !== 'reply') spend(of, of.args, 'The arguments');
    const reply = await next(of);
    if (on !== 'args') spend(of, reply.output, 'The output');
    return reply;
  };
}

function accountOf(
  spent: Map<string, { bytes: number; calls: number }>,
  run: string,
): { bytes: number; calls: number } {
  const known = spent.get(run);
  if (known !== undefined) return known;
  // The oldest runs ended long ago.
  if (spent.size >= MOST_RUNS) spent.delete(spent.keys().next().value as string);
  const account = { bytes: 0, calls: 0 };
  spent.set(run, account);
  return account;
}

function deny(call: Call, what: string, limit: string, maximum: number): PypesError {
  const reason = `${what}, at most ${maximum} are let through (${limit})`;
  note(call, 'data-budget', 'deny', reason);
  return new PypesError('policy_denied', reason, { details: { policy: 'data-budget', limit, maximum } });
}
