// More power: capabilities, user namespaces, set-user-id programs, raised limits.
import { expect, it } from 'vitest';
import { describeAttack, tryAll } from './attack.ts';

describeAttack('privileges', (attack) => {
  it('cannot be gained', async () => {
    const ways = [
      'os.setuid(0)',
      'os.setgid(0)',
      'os.setgroups([0])',
      'os.setresuid(0, 0, 0)',
      'os.nice(-5)',
      'os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1))',
      'resource.setrlimit(resource.RLIMIT_AS, (-1, -1))',
      'resource.setrlimit(resource.RLIMIT_NOFILE, (4096, 4096))',
      'resource.setrlimit(resource.RLIMIT_NPROC, (4096, 4096))',
      'resource.setrlimit(resource.RLIMIT_CORE, (1, 1))',
      'socket.sethostname("mine")',
      'time.clock_settime(time.CLOCK_REALTIME, 0)',
      'os.unshare(0x10000000)',
    ];
    expect((await attack(tryAll(ways), { head: 'import os, resource, socket, time' })).value).toEqual({});
  });

  it('are none to begin with', async () => {
    const body = `
libc = ctypes.CDLL(None)
head, data = (ctypes.c_uint32 * 2)(0x20080522, 0), (ctypes.c_uint32 * 6)()
libc.capget(head, data)
return [list(data), libc.prctl(39, 0, 0, 0, 0), [n for n in range(41) if libc.prctl(23, n, 0, 0, 0) == 1]]`;
    expect((await attack(body, { head: 'import ctypes' })).value).toEqual([[0, 0, 0, 0, 0, 0], 1, []]);
  });
});
