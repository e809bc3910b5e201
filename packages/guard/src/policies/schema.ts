// schema: arguments are what the agent asks for, results what it promises.
import { type Call, type Policy, PypesError, type Reply, type SchemaCheck, type Violation } from '@pypes/contract';

/** The compiled schemas of one agent. */
export type AgentChecks = { readonly parameters?: SchemaCheck; readonly returns?: SchemaCheck };

/** `checksOf` finds the schemas of the agent that a call goes to. */
export type SchemaOptions = { readonly checksOf: (call: Call) => AgentChecks | undefined };

/**
 * Denies a call whose arguments do not match (`invalid_input`, details `{errors: Violation[]}` with every violation)
 * and a reply that does not match what the agent promises (`invalid_output`).
 *
 * @example
 * schema({ checksOf: (call) => checks.get(call.to) });
 */
export function schema(options: SchemaOptions): Policy {
  return (call, next) => {
    const checks = options.checksOf(call);
    const violations = checks?.parameters?.(call.args);
    if (violations !== undefined && violations.length > 0) {
      const message = `The arguments of "${call.to}" do not match: ${summary(violations)}`;
      return Promise.reject(new PypesError('invalid_input', message, { details: { errors: violations } }));
    }
    const returns = checks?.returns;
    // Most agents promise nothing: then the reply goes on as it is, without a turn of its own.
    return returns === undefined ? next(call) : next(call).then((reply) => checkReply(call, reply, returns));
  };
}

function checkReply(call: Call, reply: Reply, returns: SchemaCheck): Reply {
  const broken = returns(reply.output);
  if (broken.length === 0) return reply;
  throw new PypesError('invalid_output', `The output of "${call.to}" is not what it promises: ${summary(broken)}`, {
    details: { errors: broken },
  });
}

const SHOWN = 3;

function summary(violations: readonly Violation[]): string {
  const shown = violations.slice(0, SHOWN).map(({ path, message }) => (path === '' ? message : `${path} ${message}`));
  const rest = violations.length - shown.length;
  return shown.join('; ') + (rest > 0 ? `; and ${rest} more` : '');
}
