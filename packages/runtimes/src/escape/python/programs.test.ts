// Starting programs: by every way that Python has, and by system calls.
import { expect, it } from 'vitest';
import { describeAttack } from './attack.ts';

const WAYS = [
  'subprocess.run([sys.executable, "-c", "1"])',
  'subprocess.check_output("ls", shell=True)',
  'os.system("true") and 1 / 0',
  'os.popen("echo x").read() or 1 / 0',
  'os.posix_spawn(sys.executable, ["python"], {})',
  'os.spawnv(os.P_WAIT, sys.executable, ["python"]) and 1 / 0',
  'os.execv(sys.executable, ["python", "-c", "1"])',
  'os.execve(sys.executable, ["python", "-c", "1"], {})',
  'os.fork()',
  'os.forkpty()',
  'pty.spawn("/bin/sh")',
  'multiprocessing.get_context("fork").Process(target=print).start()',
  'multiprocessing.get_context("spawn").Process(target=print).start()',
  'concurrent.futures.ProcessPoolExecutor(1).submit(print).result()',
];

describeAttack('programs', (attack) => {
  it.each(WAYS)('%s starts none', async (way) => {
    const body = `try:\n    ${way}\nexcept BaseException as error:\n    return "failed"\nreturn "worked"`;
    const head = 'import concurrent.futures, multiprocessing, os, pty, subprocess, sys';
    const { value, error } = await attack(body, { head });
    // A way that gives the worker itself up ends the call.
    expect(value ?? error?.code).toMatch(/^(failed|handler_failed)$/);
  });

  it('cannot be started by system calls', async () => {
    const body = `
libc = ctypes.CDLL(None)
def call(*numbers):
    return libc.syscall(*numbers)
path = ctypes.create_string_buffer(sys.executable.encode())
none = (ctypes.c_char_p * 1)(None)
return [libc.fork(), libc.vfork(), libc.execve(path, none, none), call(56, 17, 0, 0, 0, 0), call(56, 0x10000000 | 17, 0, 0, 0, 0),
        call(435, 0, 0), call(322, -100, path, none, none, 0)]`;
    expect((await attack(body, { head: 'import ctypes, sys' })).value).toEqual([-1, -1, -1, -1, -1, -1, -1]);
  });
});
