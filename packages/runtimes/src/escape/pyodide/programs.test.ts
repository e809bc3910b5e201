// Attack: start processes and threads, and run native code.
import { expect, it } from 'vitest';
import { describeAttack, python, tryAll } from './attack.ts';

describeAttack('programs', ({ attack, expectUnharmed }) => {
  it('there are no processes and no threads', async () => {
    const head = 'import os, subprocess, _thread, multiprocessing';
    const { output } = await attack(
      python(
        tryAll([
          'os.fork()',
          'os.execv("/bin/sh", ["sh"])',
          'os.posix_spawn("/bin/sh", ["sh"], {})',
          'subprocess.run(["id"])',
          'subprocess.check_output("id", shell=True)',
          'os.popen("id").read()',
          '_thread.start_new_thread(print, ())',
          'os.kill(1, 9)',
        ]),
        head.replace(', multiprocessing', ''),
      ),
    );
    expect(output).toStrictEqual({});
    expect((await attack(python('import os\nreturn os.system("id")'))).output).not.toBe(0);
    await expectUnharmed();
  });

  it('ctypes sees the memory of its own WebAssembly alone', async () => {
    const body = `
import ctypes
seen = []
for address in (0, 1 << 20, (1 << 31) - 64, (1 << 32) - 64):
    try:
        seen.append(ctypes.string_at(address, 64).hex())
    except BaseException:
        pass
library = ctypes.CDLL(None)
for name in ("system", "execve", "fork", "socket"):
    try:
        getattr(library, name)(b"id", None, None)
    except BaseException:
        pass
return "sesame" in "".join(seen)`;
    const outcome = await attack(python(body));
    // Reading outside of the memory traps, and the sandbox ends.
    expect(outcome.output ?? outcome.error?.code).toSatisfy((value) => value === false || typeof value === 'string');
    await expectUnharmed();
  });

  it('a native library that the agent writes itself does not load', async () => {
    const body = `
import ctypes
open("/tmp/evil.so", "wb").write(bytes.fromhex("0061736d01000000") + b"x" * 100)
ctypes.CDLL("/tmp/evil.so")`;
    expect((await attack(python(body))).error).toBeDefined();
    await expectUnharmed();
  });

  it('a crash of the interpreter ends its call alone', async () => {
    const outcome = await attack(python('import ctypes\nctypes.string_at(-1 & 0xFFFFFFFF, 1 << 30)\nreturn 1'), {
      callMs: 3_000,
    });
    expect(outcome.error).toBeDefined();
    await expectUnharmed();
  });
});
