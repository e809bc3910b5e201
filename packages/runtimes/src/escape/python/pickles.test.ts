// Pickles and other data that is code: they get no further than code does, and the host never loads one.
import { expect, it } from 'vitest';
import { describeAttack } from './attack.ts';

describeAttack('pickles', (attack) => {
  it.each([
    'pickle.loads(b"cposix\\nsystem\\n(S\'touch /tmp/x\'\\ntR.")',
    'pickle.loads(b"csubprocess\\ncheck_output\\n(S\'id\'\\ntR.")',
    'marshal.loads(b"\\xff" * 100)',
    "eval(compile(\"__import__('os').system('id')\", '', 'eval'))",
    "types.FunctionType(types.CodeType(0, 0, 0, 0, 0, 0, b'\\x97\\x00\\xff\\xff' * 100, (), (), (), '', '', '', 0, b'', b'', (), ()), {})()",
  ])('%s starts nothing', async (expression) => {
    const body = `try:\n    value = ${expression}\nexcept Exception as error:\n    value = "failed"\nreturn value if isinstance(value, (int, str)) else "odd"`;
    const { value, error } = await attack(body, { head: 'import marshal, pickle, types', limits: { cpuMs: 1_000 } });
    // system() says -1 or 127 where it could not start a shell; broken bytecode may end the process.
    const expected = [-1, 127 << 8, 'failed', 'odd', 'handler_failed', 'resource_exhausted'];
    expect(expected).toContain(value ?? error?.code);
  });

  it('in a result do not leave as objects', async () => {
    const head = 'class Sly(dict):\n    def __reduce__(self):\n        return (print, ("x",))';
    expect((await attack('return Sly(a=1)', { head })).value).toEqual({ a: 1 });
    expect((await attack('return {"__proto__": {"polluted": 1}, "constructor": 1}')).value).toBeTypeOf('object');
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });
});
