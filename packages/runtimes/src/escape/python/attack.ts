// What the attacks share: a sandbox, an attacker in it, and a bystander whose call is under way all the while.
import { DEFAULT_LIMITS, type Json, type JsonObject, type Limits, type LoadedAgent, PypesError } from '@pypes/contract';
import { afterAll, expect } from 'vitest';
import { createPythonSandbox } from '../../python/sandbox/sandbox.ts';
import { describeSandbox } from '../../python/sandbox/testing.ts';
import { agentFile } from '../../python/testing.ts';
import { createTestContext, type TestContext, type TestContextOptions } from '../../testing/context.ts';
import { sourceFile } from '../../testing/source-file.ts';

/** What came of an attack: a value or an error, and what the host saw. */
export type Outcome = { readonly value?: Json; readonly error?: PypesError; readonly context: TestContext };

export type AttackOptions = {
  /** What stands above `run`. */
  readonly head?: string;
  readonly args?: JsonObject;
  readonly limits?: Partial<Limits>;
  readonly context?: TestContextOptions;
  /** The host stops the call after so many milliseconds. Default 5,000. */
  readonly stopAfterMs?: number;
};

/** Lets the body of a function `run(context, **args)` attack, and checks that nobody else has noticed. */
export type Attack = (body: string, options?: AttackOptions) => Promise<Outcome>;

/** What the bystander keeps to itself: attackers look for it. */
export const SECRET = 'nobody-else-sees-this';
const BYSTANDER = agentFile('context.call("gate")\nreturn SECRET', `SECRET = "${SECRET}"`);

/** Loads a file into the same sandboxes, for attacks that take several calls. */
export type Load = (text: string, packGuid?: string, limits?: Partial<Limits>) => Promise<LoadedAgent>;

/** Declares the attacks of one file. */
export function describeAttack(name: string, body: (attack: Attack, load: Load) => void): void {
  describeSandbox(name, () => {
    const sandbox = createPythonSandbox({ packages: 'none' });
    afterAll(() => sandbox.close());

    const load: Load = async (text, packGuid = 'attacker', limits = {}) => {
      const file = sourceFile('test_agent.py', text, { packGuid });
      const [agent] = await sandbox.load(file, { ...DEFAULT_LIMITS, ...limits });
      if (agent === undefined) throw new Error('The file has no agent');
      return agent;
    };

    const bystander = load(BYSTANDER, 'bystander');
    bystander.catch(() => undefined);

    async function attack(code: string, options: AttackOptions = {}): Promise<Outcome> {
      const { head = '', args = {}, limits = {}, stopAfterMs = 5_000 } = options;
      const gate = Promise.withResolvers<Json>();
      const aside = (await bystander).run(createTestContext({ userGuid: 'bystander', onCall: () => gate.promise }), {});
      const attacker = await load(agentFile(code, head), 'attacker', limits);
      const context = createTestContext({ packGuid: 'attacker', userGuid: 'mallory', ...options.context });
      const timer = setTimeout(() => context.abort(new PypesError('timeout', 'Over the limit')), stopAfterMs);
      const outcome = await attacker.run(context, args).then(
        (value) => ({ value, context }),
        (error: unknown) => ({ error: toPypes(error), context }),
      );
      clearTimeout(timer);
      gate.resolve(null);
      expect(await aside).toBe(SECRET);
      await attacker.close();
      return outcome;
    }

    body(attack, load);
  });
}

function toPypes(error: unknown): PypesError {
  if (error instanceof PypesError) return error;
  throw new Error(`The sandbox answers with PypesErrors only, and this is none: ${String(error)}`);
}

/**
 * Python: evaluates expressions one by one and returns those that worked, with what they gave.
 */
export function tryAll(expressions: readonly string[]): string {
  return `
worked = {}
for text in ${JSON.stringify(expressions)}:
    try:
        worked[text] = repr(eval(text))[:200]
    except BaseException as error:
        pass
return worked`;
}
