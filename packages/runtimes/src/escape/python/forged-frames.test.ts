// Forging the protocol: an attacker that has taken its worker over writes to the host whatever it likes.
import { expect, it } from 'vitest';
import { describeAttack } from './attack.ts';

const HEAD = `
import json, os, struct, time
def frame(tag, text, flags=0, size=None):
    data = text if isinstance(text, bytes) else json.dumps(text).encode()
    data = struct.pack("<I", len(data) + 2 if size is None else size) + tag + bytes([flags]) + data
    while data:
        data = data[os.write(3, data):]
def wait():
    time.sleep(0.2)
    return "real"
`;

const FORGERIES = [
  'frame(b"R", "forged")',
  'frame(b"R", b"{not json")',
  'frame(b"R", b"[" * 100_000 + b"]" * 100_000)',
  'frame(b"E", None)',
  'frame(b"E", [1])',
  'frame(b"E", {"code": "constructor", "message": {"a": 1}, "details": 7})',
  'frame(b"E", {"code": "__proto__"})',
  `frame(b"E", b'{"message":"deep","details":{"a":' + b"[" * 100_000 + b"]" * 100_000 + b"}}")`,
  `frame(b"N", b'["log",["info","deep",' + b"[" * 100_000 + b"]" * 100_000 + b"]]")`,
  `frame(b"Q", b'["call",["other",{"a":' + b"[" * 100_000 + b"]" * 100_000 + b"}]]")`,
  `frame(b"Q", b'["memory.set",["deep",' + b"[" * 100_000 + b"]" * 100_000 + b"]]")`,
  'frame(b"N", ["log", ["info", {"toString": 1, "valueOf": 1}]])',
  'frame(b"N", None)',
  'frame(b"N", ["log", None])',
  'frame(b"N", ["log", [{"a": 1}, {"b": 2}, 3]])',
  'frame(b"N", ["log", ["info", 10 ** 400]])',
  'frame(b"N", ["dropped", [1e308]])',
  'frame(b"N", ["progress", ["much"]])',
  'frame(b"N", ["memory.set", ["planted", 1]])',
  'frame(b"N", ["__proto__", []])',
  'frame(b"Q", ["constructor", []])',
  'frame(b"Q", ["toString", []])',
  'frame(b"Q", ["memory.get", None])',
  '[frame(b"Q", ["memory.get", ["a"]]) for n in range(10_000)]',
  '[frame(b"Y", None) for n in range(100)]',
  '[frame(b"R", n, 0) for n in range(100)]',
  'frame(b"R", b"[" + b"[]," * 8_000_000 + b"1]")',
  'frame(b"?", None)',
  'frame(b"R", b"", size=0)',
  'frame(b"R", b"", size=4_000_000_000)',
  'frame(b"R", "x", 255)',
  'os.write(3, os.urandom(4096))',
  'os.write(1, b"\\0" * 4096)',
  'os.close(3)',
  'os.closerange(0, 64)',
  'os.dup2(0, 3)',
];

describeAttack('forged frames', (attack) => {
  it.each(FORGERIES)('%s harms the forger alone', async (line) => {
    const { context } = await attack(`${line}\nreturn wait()`, { head: HEAD, stopAfterMs: 1_500 });
    expect(await context.memory.list()).toEqual([]);
    for (const { level, message } of context.logs) expect([typeof level, typeof message]).toEqual(['string', 'string']);
    expect((await attack('return 2')).value).toBe(2);
  });

  // Flags: the answer waits for nothing, for its output or for its errors, or for both.
  it.each([0, 2, 4, 6])('has its answer where a failure has no text to give, with the flags %i', async (flags) => {
    const failure = '{"code": "x", "message": {"toString": 1, "valueOf": 1}}';
    const { error } = await attack(`frame(b"E", ${failure}, ${flags})\ntime.sleep(60)`, { head: HEAD });
    expect(error?.code).toBe('handler_failed');
    expect((await attack('return 2')).value).toBe(2);
  });

  it('does not bring a result of any size or depth past the host', async () => {
    const large = 'frame(b"R", "x" * 20_000)\nreturn wait()';
    expect((await attack(large, { head: HEAD, limits: { outputBytes: 10_000 } })).error?.code).toBe('output_too_large');
    const deep = 'frame(b"R", b"[" * 10_000 + b"]" * 10_000)\nreturn wait()';
    expect((await attack(deep, { head: HEAD })).error?.code).toBe('invalid_output');
  });
});
