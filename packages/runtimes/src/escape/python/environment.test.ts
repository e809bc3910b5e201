// The host's environment: keys that the operator gave to the host must not be found in any variable.
import { expect, it } from 'vitest';
import { describeAttack } from './attack.ts';

describeAttack('environment', (attack) => {
  it('has only what the sandbox sets', async () => {
    process.env.PYPES_ESCAPE_SECRET = 'sesame';
    const body = `
libc = ctypes.CDLL(None)
libc.getenv.restype = ctypes.c_char_p
environ = ctypes.POINTER(ctypes.c_char_p).in_dll(libc, "environ")
raw, at = [], 0
while environ[at]:
    raw.append(environ[at].decode().partition("=")[0])
    at += 1
return {"names": sorted({*os.environ, *raw}), "secret": os.getenv("PYPES_ESCAPE_SECRET")}`;
    const { value } = await attack(body, { head: 'import ctypes, os' });
    const own = [
      'BRAINSTEM_MEMORY_PATH',
      'HOME',
      'LANG',
      'MALLOC_ARENA_MAX',
      'OMP_NUM_THREADS',
      'OPENBLAS_NUM_THREADS',
    ];
    expect(value).toEqual({ names: [...own, 'PATH', 'PWD'], secret: null });
  });
});
