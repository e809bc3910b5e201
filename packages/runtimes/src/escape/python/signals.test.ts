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

  it('does not reach the host by a handle of its process from the sockets that lead to it', async () => {
    const body = `
libc = ctypes.CDLL(None)
room, size, one = (ctypes.c_int * 16)(), ctypes.c_int(4), ctypes.c_int(1)
return [[libc.getsockopt(fd, 1, 77, room, ctypes.byref(size)), libc.setsockopt(fd, 1, 76, ctypes.byref(one), 4)]
        for fd in (1, 2, 3, 4)]`;
    expect((await attack(body, { head: 'import ctypes' })).value).toEqual(Array(4).fill([-1, -1]));
  });

  it('cannot outlive its host by giving up the signal that would end it', async () => {
    const body = 'libc = ctypes.CDLL(None)\nreturn libc.prctl(1, 0, 0, 0, 0)';
    expect((await attack(body, { head: 'import ctypes' })).value).toBe(-1);
  });
});
