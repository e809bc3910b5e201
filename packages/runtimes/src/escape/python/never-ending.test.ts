// Agents that will not end: signals ignored, every exception caught, waiting for ever.
import { expect, it } from 'vitest';
import { describeAttack } from './attack.ts';

const HEAD = 'import ctypes, signal, sys, threading, time';
const IGNORE = `
for number in range(1, 65):
    try:
        signal.signal(number, signal.SIG_IGN)
    except (OSError, ValueError):
        pass
signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))
`;
const CATCH = `
while True:
    try:
        while True:
            pass
    except BaseException:
        pass`;

describeAttack('never ending', (attack) => {
  it.each([
    ['catching everything', CATCH],
    ['ignoring every signal', IGNORE + CATCH],
    ['sleeping', `${IGNORE}time.sleep(600)`],
    ['waiting for a lock', `${IGNORE}threading.Lock().acquire()\nl = threading.Lock()\nl.acquire()\nl.acquire()`],
    ['holding the interpreter', 'ctypes.PyDLL(None).sleep(600)'],
    [
      'with a long switch interval',
      `sys.setswitchinterval(1e6)\nthreading.Thread(target=max, args=(iter(int, 1),)).start()\n${CATCH}`,
    ],
  ])('%s, it is stopped by the host', async (_what, body) => {
    const started = performance.now();
    const { error } = await attack(body, { head: HEAD, stopAfterMs: 300 });
    expect(error?.code).toBe('timeout');
    expect(performance.now() - started).toBeLessThan(20_000);
  });

  it('it is stopped while a capability keeps it waiting, and the late answer goes nowhere', async () => {
    const gate = Promise.withResolvers<null>();
    const { error } = await attack('context.call("slow")', {
      stopAfterMs: 200,
      context: { onCall: () => gate.promise },
    });
    expect(error?.code).toBe('timeout');
    gate.resolve(null);
    expect((await attack('return 2')).value).toBe(2);
  });
});
