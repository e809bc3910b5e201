// Pyodide under attack: one sandbox, and a bystander whose call has to be unharmed; skipped where there is no workerd.
import { createPyodideRuntime } from '../../python/pyodide/pyodide.ts';
import { describePyodide } from '../../python/pyodide/testing.ts';
import { agentFile } from '../../python/testing.ts';
import { createAttacks } from '../attacker.ts';

const LONGEST_CALL_MS = 40_000;

export type Attacks = ReturnType<typeof createAttacks>;

/** An agent whose `run(context, **args)` does `body`. */
export const python = agentFile;

/** Declares the attacks of one file. Loading does not count as a call's time: a test must not depend on the machine's speed. */
export function describeAttack(name: string, body: (attacks: Attacks) => void): void {
  describePyodide(name, () => {
    const attacks = createAttacks(() => createPyodideRuntime(), '.py', agentFile('return args["n"]'));
    const attack: Attacks['attack'] = async (source, options = {}) => {
      await attacks.load(source, options).catch(() => undefined);
      return attacks.attack(source, { callMs: LONGEST_CALL_MS, ...options });
    };
    body({ ...attacks, attack });
  });
}

/** Python: evaluates expressions one by one and returns those that worked, with what they gave. */
export function tryAll(expressions: readonly string[]): string {
  return `
worked = {}
for text in ${JSON.stringify(expressions)}:
    try:
        worked[text] = repr(eval(text))[:200]
    except BaseException:
        pass
return worked`;
}

/** Python: all objects of JavaScript that the garbage collector leads to, as `proxies`. */
export const FIND_JAVASCRIPT = `
import gc
def is_proxy(value):
    return "JsProxy" in str(type(value).__mro__) and not isinstance(value, type)
holders = [vars(value) if hasattr(value, "__dict__") else value for value in gc.get_objects()]
proxies = [value for holder in holders if isinstance(holder, dict) for value in list(holder.values()) if is_proxy(value)]
`;
