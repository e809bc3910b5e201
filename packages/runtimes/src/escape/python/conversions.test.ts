// Conversions that blow up: numbers, texts, JSON, compressed data.
import { expect, it } from 'vitest';
import { describeAttack } from './attack.ts';

const SMALL = { cpuMs: 500, guestBytes: 64 * 1024 * 1024 };

describeAttack('conversions', (attack) => {
  it.each([
    'str(7 ** 10 ** 8)',
    'int("9" * 10 ** 8)',
    '"{:1000000000}".format(1)',
    '"%01000000000d" % 1',
    'json.loads("[" * 10 ** 7)',
    'json.dumps(functools.reduce(lambda a, _: [a], range(10 ** 6), []))',
    'zlib.decompress(zlib.compress(bytes(10 ** 7), 9) * 1) * 100',
    'decimal.Decimal(10) ** 10 ** 9 * decimal.Decimal(1) / 3 and str(10 ** 10 ** 8)',
    'fractions.Fraction("1e1000000000")',
    'datetime.timedelta(10 ** 100)',
    'bytes(1 << 40)',
    'unicodedata.normalize("NFKD", "\\ufdfa" * 10 ** 8)',
    'eval("-" * 10 ** 6 + "1")',
    'compile("(" * 10 ** 5 + ")" * 10 ** 5, "", "eval")',
    'ast.literal_eval("[" * 10 ** 5)',
  ])('%s ends that call', async (expression) => {
    const head =
      'import ast, datetime, decimal, fractions, functools, json, sys, unicodedata, zlib\nsys.set_int_max_str_digits(0)';
    const { error } = await attack(`${expression}\nwhile True: pass`, { head, limits: SMALL });
    expect(error?.code).toMatch(/^(resource_exhausted|handler_failed)$/);
    expect((await attack('return 2')).value).toBe(2);
  });
});
