// System calls that change the system or reach past the sandbox, called straight from libc.
import { expect, it } from 'vitest';
import { encodeSandboxFilter } from '../../python/sandbox/seccomp/filter.ts';
import { REFUSED } from '../../python/sandbox/seccomp/syscalls.ts';
import { describeAttack } from './attack.ts';

const column = process.arch === 'x64' ? 0 : 1;
const numbers = Object.fromEntries(
  Object.entries(REFUSED)
    .map(([name, each]) => [name, each[column]] as const)
    .filter(([, number]) => number >= 0),
);

describeAttack('system calls', (attack) => {
  it('of the list are refused, with whatever arguments', async () => {
    const body = `
libc = ctypes.CDLL(None, use_errno=True)
found = {}
for name, number in args["numbers"].items():
    for first in (0, 1, 0x10000000, -1):
        ctypes.set_errno(0)
        if libc.syscall(number, first, 0, 0, 0, 0, 0) != -1 or ctypes.get_errno() != 1:
            found[name] = ctypes.get_errno()
return found`;
    expect((await attack(body, { head: 'import ctypes', args: { numbers } })).value).toEqual({});
  });

  it('that are newer than the list do not exist', async () => {
    const body = `
libc = ctypes.CDLL(None, use_errno=True)
found = set()
for number in [*range(451, 600), 0x40000000 + 57]:
    libc.syscall(number, 0, 0, 0, 0, 0, 0)
    found.add(ctypes.get_errno())
return sorted(found)`;
    expect((await attack(body, { head: 'import ctypes' })).value).toEqual([38]);
  });

  it('by way of ioctl, fcntl and prctl are refused', async () => {
    const body = `
libc = ctypes.CDLL(None)
byte = ctypes.create_string_buffer(b"x")
r, w = os.pipe()
return [libc.ioctl(2, 0x5412, byte), libc.ioctl(2, 0x541C, byte), libc.fcntl(r, 1031, 1 << 20), libc.prctl(1, 0, 0, 0, 0), libc.prctl(4, 0, 0, 0, 0),
        libc.fcntl(0, 1024, 0), libc.fcntl(0, 1026, 1),
        libc.prctl(38, 0, 0, 0, 0)]`;
    expect((await attack(body, { head: 'import ctypes, os' })).value).toEqual(Array(8).fill(-1));
  });

  it("on the worker's own sockets, which are of the host's network, tell and change nothing of it", async () => {
    const body = `
libc = ctypes.CDLL(None)
room = ctypes.create_string_buffer(4096)
name = ctypes.create_string_buffer(b"\\1\\0\\0pypes-escape")
found = [hex(command) for command in range(0x8900, 0x8c00) for fd in (1, 2, 3, 4) if libc.ioctl(fd, command, room) != -1]
return [found, [libc.bind(fd, name, 15) for fd in (1, 2, 3, 4)], libc.listen(3, 1), libc.connect(3, name, 15)]`;
    const { value } = await attack(body, { head: 'import ctypes' });
    expect(value).toEqual([[], [-1, -1, -1, -1], -1, -1]);
  });

  it.each(['x64', 'arm64'] as const)('are filtered by a program that the kernel takes: %s', (processor) => {
    const program = encodeSandboxFilter(processor);
    expect(program.length % 8).toBe(0);
    expect(program.length / 8).toBeLessThan(4096);
    // The last instruction, and the end of every path, is a return.
    expect(program.readUInt16LE(program.length - 8)).toBe(6);
  });
});
