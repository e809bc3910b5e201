// Loops that no check of the interpreter ever sees: inside C.
import { expect, it } from 'vitest';
import { describeAttack } from './attack.ts';

const LOOPS = [
  're.match("(a+)+$", "a" * 50 + "b")',
  '9 ** 9 ** 9',
  'sum(range(10 ** 14))',
  'sorted([Never(n) for n in range(2)])',
  'list(itertools.repeat(0, 0)) or max(itertools.count())',
  'hashlib.pbkdf2_hmac("sha256", b"", b"", 10 ** 9)',
  'all(itertools.repeat(1))',
];
const HEAD = `
import hashlib, itertools, re
class Never:
    def __init__(self, n):
        self.n = n
    def __lt__(self, other):
        return max(itertools.count())
`;

describeAttack('native loops', (attack) => {
  it.each(LOOPS)('%s ends at the limit of processor time', async (loop) => {
    const { error } = await attack(`return ${loop}`, { head: HEAD, limits: { cpuMs: 300 } });
    expect(error).toMatchObject({ code: 'resource_exhausted', details: { limit: 'cpu_ms', maximum: 300 } });
  });

  it('ends while the file is loaded, too', async () => {
    const { error } = await attack('return 1', { head: 'max(iter(int, 1))', limits: { cpuMs: 300 } });
    expect(error).toMatchObject({ code: 'resource_exhausted' });
  });
});
