// A fork bomb: not one child comes of it.
import { readdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import { describeAttack } from './attack.ts';

const countProcesses = () => readdirSync('/proc').filter((name) => /^\d+$/.test(name)).length;

describeAttack('fork bomb', (attack) => {
  it('makes no process', async () => {
    const before = countProcesses();
    const body = `
made = 0
libc = ctypes.CDLL(None)
for n in range(2000):
    try:
        if os.fork() == 0:
            while True:
                os.fork()
        made += 1
    except OSError:
        pass
    if libc.fork() >= 0:
        made += 1
return made`;
    expect((await attack(body, { head: 'import ctypes, os' })).value).toBe(0);
    expect(countProcesses()).toBeLessThan(before + 30);
  });
});
