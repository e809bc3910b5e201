// Memory without end, by every way of asking for it.
import { expect, it } from 'vitest';
import { describeAttack } from './attack.ts';

const MEBIBYTE = 1024 * 1024;
const WAYS = [
  'KEPT.append([0] * 100_000)',
  'KEPT.append(bytearray(1 << 20))',
  'KEPT.append("x" * len(KEPT) * 65536)',
  'KEPT.append(mmap.mmap(-1, 1 << 20))',
  'KEPT.append(mmap.mmap(-1, 1 << 20, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS))',
  'KEPT.append(LIBC.malloc(1 << 20) or fail())',
  'KEPT.append({n: n for n in range(10_000)})',
  'KEPT.append(2 ** 1_000_000 * 1 + len(KEPT))',
];
const HEAD = `
import ctypes, mmap
LIBC = ctypes.CDLL(None)
LIBC.malloc.restype = ctypes.c_void_p
KEPT = []
def fail():
    raise MemoryError
`;

describeAttack('memory bomb', (attack) => {
  it.each(WAYS)('%s ends at the limit', async (way) => {
    const body = `while True:\n    try:\n        ${way}\n    except OSError as error:\n        raise MemoryError from error`;
    const { error } = await attack(body, { head: HEAD, limits: { guestBytes: 48 * MEBIBYTE }, stopAfterMs: 60_000 });
    expect(error).toMatchObject({
      code: 'resource_exhausted',
      details: { limit: 'guest_bytes', maximum: 48 * MEBIBYTE },
    });
  });

  it('that catches its own errors ends at the limit of time', async () => {
    const body =
      'while True:\n    try:\n        KEPT.append(bytearray(1 << 20))\n    except MemoryError:\n        pass';
    const { error } = await attack(body, { head: HEAD, limits: { guestBytes: 48 * MEBIBYTE, cpuMs: 400 } });
    expect(error).toMatchObject({ code: 'resource_exhausted' });
  });
});
