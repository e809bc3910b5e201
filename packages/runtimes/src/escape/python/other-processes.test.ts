// Looking at, and into, other processes: those of the host, and of other packs.
import { expect, it } from 'vitest';
import { describeAttack, tryAll } from './attack.ts';

describeAttack('other processes', (attack) => {
  it('cannot be listed or named', async () => {
    const ways = [
      'os.listdir("/proc")',
      'os.readlink("/proc/self/exe")',
      'os.getpgid(2)',
      'os.sched_getaffinity(2)',
      'os.getpriority(os.PRIO_PROCESS, 2)',
    ];
    expect((await attack(tryAll(ways), { head: 'import os' })).value).toEqual({});
  });

  it('is process 1 of its own world, without a parent', async () => {
    expect((await attack('return [os.getpid(), os.getppid(), os.getsid(0)]', { head: 'import os' })).value).toEqual([
      1, 0, 1,
    ]);
  });

  it.each([process.pid, process.ppid, 1, 2])('cannot read the memory of process %i', async (pid) => {
    const body = `
libc = ctypes.CDLL(None, use_errno=True)
class Part(ctypes.Structure):
    _fields_ = [("base", ctypes.c_void_p), ("size", ctypes.c_size_t)]
room = ctypes.create_string_buffer(16)
here, there = Part(ctypes.addressof(room), 16), Part(id(room), 16)
read = libc.process_vm_readv(args["pid"], ctypes.byref(here), 1, ctypes.byref(there), 1, 0)
attached = libc.ptrace(16, args["pid"], 0, 0)
opened = libc.syscall(434, args["pid"], 0)
return [read, attached, opened]`;
    expect((await attack(body, { head: 'import ctypes', args: { pid } })).value).toEqual([-1, -1, -1]);
  });
});
