// Signals: to the host, to its group, to everybody.
import { expect, it } from 'vitest';
import { describeAttack } from './attack.ts';

describeAttack('signals', (attack) => {
  it.each([process.pid, process.ppid, 2, 100])('does not reach process %i', async (pid) => {
    const body = `
try:
    os.kill(args["pid"], 9)
    return "sent"
except ProcessLookupError:
    return "nobody"`;
    expect((await attack(body, { head: 'import os', args: { pid } })).value).toBe('nobody');
  });

  it.each(['os.kill(-1, 9)', 'os.killpg(0, 9)', 'os.kill(0, 9)', 'os.kill(1, 9)', 'os.kill(os.getppid(), 9)'])(
    '%s harms nobody else',
    async (call) => {
      await attack(`try:\n    ${call}\nexcept OSError:\n    pass\nreturn 1`, { head: 'import os' });
      expect((await attack('return 2')).value).toBe(2);
    },
  );

  it('cannot outlive its host by giving up the signal that would end it', async () => {
    const body = 'libc = ctypes.CDLL(None)\nreturn libc.prctl(1, 0, 0, 0, 0)';
    expect((await attack(body, { head: 'import ctypes' })).value).toBe(-1);
  });
});
