// Descriptors without end.
import { expect, it } from 'vitest';
import { describeAttack } from './attack.ts';

describeAttack('descriptor bomb', (attack) => {
  it.each(['os.dup(0)', 'os.pipe()', 'socket.socketpair()', 'open("/dev/null")', 'select.epoll()', 'os.eventfd(0)'])(
    '%s ends at the limit',
    async (call) => {
      const body = `
kept = []
try:
    while len(kept) < 100_000:
        kept.append(${call})
except OSError as error:
    return [error.errno, len(kept) < 128]
return len(kept)`;
      expect((await attack(body, { head: 'import os, select, socket' })).value).toEqual([24, true]);
    },
  );

  it("begins with the worker's own six, and none of the host's", async () => {
    const body = `
found = []
for fd in range(1024):
    try:
        os.fstat(fd)
        found.append(fd)
    except OSError:
        pass
return found`;
    expect((await attack(body, { head: 'import os' })).value).toEqual([0, 1, 2, 3, 4, 5]);
  });
});
