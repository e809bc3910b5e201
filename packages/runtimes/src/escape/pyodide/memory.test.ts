// Attack: use up memory, in the interpreter, in its file system, and in the JavaScript around it.
import { expect, it } from 'vitest';
import { expectStopped, limitOf } from '../attacker.ts';
import { describeAttack, python } from './attack.ts';

const limits = { guestBytes: 64 * 1024 * 1024 };

describeAttack('memory', ({ attack, expectUnharmed }) => {
  it.each([
    ['one large value', 'return len(bytearray(10 ** 9))'],
    ['many values', 'kept = []\nwhile True: kept.append(bytearray(10 ** 6))'],
    ['small values', 'kept = []\nwhile True: kept.append([kept])'],
    ['a text that doubles', 'text = "x"\nwhile True: text += text'],
    ['files', 'for n in range(10 ** 6): open(f"/tmp/{n}", "wb").write(bytes(10 ** 7))'],
    [
      'JavaScript',
      'from pypes_worker import channel\nkept = []\nwhile True: kept.append(channel._copy(b"x" * 10 ** 7))',
    ],
  ])('%s', async (_name, body) => {
    const outcome = await attack(python(body), { limits });
    expectStopped(outcome, 'resource_exhausted');
    expect(limitOf(outcome)).toBe('guest_bytes');
    await expectUnharmed();
  });

  it('memory within the limit is there', async () => {
    expect((await attack(python('return len(bytearray(40_000_000))'), { limits })).output).toBe(40_000_000);
  });

  it('memory beyond the limit is refused before it is taken', async () => {
    const body = 'try: return len(bytearray(100_000_000))\nexcept MemoryError: return "refused"';
    expect((await attack(python(body), { limits })).output).toBe('refused');
  });

  it.each([
    ['recursion', 'def f(): return f()\nreturn f()'],
    ['recursion without a limit', 'import sys\nsys.setrecursionlimit(10 ** 9)\ndef f(): return f()\nreturn f()'],
    ['nested source', 'return eval("(" * 10000 + "1" + ")" * 10000)'],
    ['nested data', 'kept = []\nfor _ in range(10 ** 6): kept = [kept]\nreturn repr(kept)'],
  ])('%s ends with an error', async (_name, body) => {
    expect((await attack(python(body))).error).toBeDefined();
    await expectUnharmed();
  });
});
