// The network: loopback, the outside, the machine's abstract sockets, raw packets, the kernel's netlink.
import { createServer } from 'node:net';
import { expect, it } from 'vitest';
import { describeAttack } from './attack.ts';

describeAttack('sockets', (attack) => {
  it('cannot be opened by system calls, whatever the family', async () => {
    const body = `
libc = ctypes.CDLL(None)
return [[family, kind] for family in range(46) for kind in (1, 2, 3, 5) if libc.socket(family, kind, 0) >= 0]`;
    expect((await attack(body, { head: 'import ctypes' })).value).toEqual([]);
  });

  it('cannot be opened through _socket', async () => {
    const body = `
found = []
for family in (1, 2, 10, 16, 17):
    for kind in (1, 2, 3):
        try:
            _socket.socket(family, kind)
            found.append([family, kind])
        except OSError:
            pass
return found`;
    expect((await attack(body, { head: 'import _socket' })).value).toEqual([]);
  });

  it('reaches neither loopback nor abstract sockets of the host', async () => {
    let connections = 0;
    const servers = [createServer(() => connections++), createServer(() => connections++)] as const;
    await new Promise<void>((done) => servers[0].listen(0, '127.0.0.1', done));
    await new Promise<void>((done) => servers[1].listen('\0pypes-escape', done));
    const { port } = servers[0].address() as { port: number };
    const body = `
def attempt(address, family):
    try:
        s = socket.socket(family)
        s.connect(address)
        s.sendall(b"x")
        return s.recv(1)
    except OSError as error:
        return type(error).__name__
return [attempt(("127.0.0.1", args["port"]), socket.AF_INET), attempt("\\0pypes-escape", socket.AF_UNIX),
        attempt(("169.254.169.254", 80), socket.AF_INET)]`;
    const { value } = await attack(body, { head: 'import socket', args: { port } });
    expect(value).toEqual(['PermissionError', 'PermissionError', 'PermissionError']);
    expect(connections).toBe(0);
    for (const server of servers) server.close();
  });

  it('has no socket but pairs of its own kind, which lead nowhere', async () => {
    const body = `
a, b = socket.socketpair()
a.sendall(b"x")
libc = ctypes.CDLL(None)
pair = (ctypes.c_int * 2)()
bound = []
for name in ("\\0pypes-escape", "/tmp/socket"):
    try:
        a.connect(name)
        bound.append(name)
    except OSError:
        pass
return [b.recv(1) == b"x", libc.socketpair(30, 1, 0, pair), bound]`;
    expect((await attack(body, { head: 'import ctypes, socket' })).value).toEqual([true, -1, []]);
  });
});
