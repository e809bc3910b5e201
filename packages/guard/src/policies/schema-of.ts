// schema, as an operator writes it: what certain calls take and give, beyond what the agents themselves say.
import { type Policy, PypesError, type SchemaCheck, type Violation } from '@pypes/contract';
import { compileMatch, type Match } from '../match/match.ts';
import { note } from '../trail.ts';

export type SchemaOfOptions = Match & { readonly input?: SchemaCheck; readonly output?: SchemaCheck };

/** Denies with `policy_denied` and details `{policy, errors: Violation[]}` what does not match. */
export function schemaOf(options: SchemaOfOptions): Policy {
  const matches = compileMatch(options);
  const { input, output } = options;
  return async (call, next) => {
    if (!matches(call)) return next(call);
    check(input?.(call.args), `The arguments of "${call.to}"`);
    const reply = await next(call);
    check(output?.(reply.output), `The output of "${call.to}"`);
    return reply;

    function check(errors: readonly Violation[] | undefined, what: string): void {
      const first = errors?.[0];
      if (errors === undefined || first === undefined) return;
      const reason = `${what} does not match the policy's schema: ${`${first.path} ${first.message}`.trim()}`;
      note(call, 'schema', 'deny', reason);
      throw new PypesError('policy_denied', reason, { details: { policy: 'schema', errors } });
    }
  };
}
