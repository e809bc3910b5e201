// Memory that no process owns: shared segments, files in memory, what /dev/shm and /tmp keep.
import { expect, it } from 'vitest';
import { describeAttack, tryAll } from './attack.ts';

describeAttack('shared memory', (attack) => {
  it('cannot be had by other means than the bounded /tmp', async () => {
    const ways = ['os.memfd_create("x")', 'posix_mq()', 'open("/dev/full", "w").write("x") and 1'];
    const body = tryAll([
      ...ways.slice(0, 1),
      'LIBC.shmget(0, 1 << 20, 0o1600) >= 0 or 1 / 0',
      'LIBC.msgget(0, 0o1600) >= 0 or 1 / 0',
      'LIBC.semget(0, 1, 0o1600) >= 0 or 1 / 0',
    ]);
    expect((await attack(body, { head: 'import ctypes, os\nLIBC = ctypes.CDLL(None)' })).value).toEqual({});
  });

  it.each(['/dev/shm/x', '/tmp/x'])('ends in %s at the size of /tmp', async (path) => {
    const body = `
written = 0
try:
    with open("${path}", "wb", buffering=0) as file:
        while written < 1 << 30:
            written += file.write(b"x" * (1 << 20))
except OSError as error:
    return [error.errno, written >> 20]`;
    const { value } = await attack(body);
    expect(value).toEqual([28, 64]);
  });

  it('of a full /tmp is given back after the call', async () => {
    const body = 'open("/tmp/x", "wb").write(b"x" * (60 << 20))\nreturn 1';
    for (let n = 0; n < 3; n++) expect((await attack(body)).value).toBe(1);
  });
});
