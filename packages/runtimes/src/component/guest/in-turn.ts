// One call of a user after another: a component is entered once at a time, and a resource lives in one instance.
import type { Invocation } from '../../threads/guest/language.ts';

export function inTurn(call: (invocation: Invocation) => unknown): (invocation: Invocation) => unknown {
  const last = new Map<string, Promise<unknown>>();
  return (invocation) => {
    const user = invocation.owner;
    const before = last.get(user);
    const run = () => call(invocation);
    const running = before === undefined ? Promise.resolve().then(run) : before.then(run, run);
    last.set(user, running);
    const clear = () => {
      if (last.get(user) === running) last.delete(user);
    };
    running.then(clear, clear);
    return running;
  };
}
