// Recursion without end, in Python and in C.
import { expect, it } from 'vitest';
import { describeAttack } from './attack.ts';

const HEAD = `
import copy, functools, json, pickle, sys, threading
class Mirror:
    def __getattr__(self, name):
        return getattr(self, name + "x")
    def __repr__(self):
        return repr([self])
    def __reduce__(self):
        return (Mirror, (), [self], iter([self]))
def deep():
    value = []
    for n in range(1_000_000):
        value = [value]
    return value
def recurse():
    return recurse()
`;

describeAttack('recursion', (attack) => {
  it.each([
    'recurse()',
    'repr(deep())',
    'deep() == deep()',
    'Mirror().x',
    'repr(Mirror())',
    'copy.deepcopy(deep())',
    'pickle.dumps(deep())',
    'functools.reduce(lambda f, _: functools.partial(f), range(1_000_000), int)()',
    'exec("f = lambda: " * 5_000 + "1")',
  ])('%s ends that call', async (expression) => {
    for (const before of ['', 'sys.setrecursionlimit(2 ** 31 - 1)\n']) {
      const { error, value } = await attack(`${before}${expression}\nreturn "done"`, {
        head: HEAD,
        limits: { cpuMs: 800 },
      });
      expect(error?.code ?? value).toMatch(/^(handler_failed|resource_exhausted|done)$/);
    }
    expect((await attack('return 2')).value).toBe(2);
  });
});
