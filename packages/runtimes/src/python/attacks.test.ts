// Whatever an agent does to its process ends or spoils at most the call that did it.
import { PypesError } from '@pypes/contract';
import { expect, it } from 'vitest';
import { createTestContext } from '../testing/context.ts';
import { agentFile, callAgent, describePython, failureOf, usePython } from './testing.ts';

const PROBE = `
import builtins, os, signal, sys, threading
def probe():
    return [len([1]), os.getcwd(), os.environ.get("X_LEFT"), threading.active_count(), sys.getrecursionlimit(),
            signal.getsignal(signal.SIGTERM) == signal.SIG_DFL, signal.getitimer(signal.ITIMER_REAL)[0],
            os.path.lexists("/proc/self/fd/77"), sys.gettrace() is None, sys.stdout.closed, sys.path[0] == "/left"]
`;

/** One call does `body`, the next one says what it finds. */
const FILE = (body: string) =>
  agentFile(
    `if args.get("probe"):\n    return probe()\n${body}`,
    `${PROBE}\nimport ctypes, time, resource, subprocess`,
  );

const MEANWHILE: readonly [what: string, body: string][] = [
  ['a changed folder', 'os.chdir("/")\nreturn 1'],
  ['a removed folder', 'import tempfile\nd = tempfile.mkdtemp()\nos.chdir(d)\nos.rmdir(d)\nreturn 1'],
  ['a changed environment', 'os.environ["X_LEFT"] = "1"\nos.environ.pop("PATH", None)\nreturn 1'],
  ['a replaced environment', 'os.environ = {"X_LEFT": "1"}\nreturn 1'],
  ['a replaced stdout', 'sys.stdout = sys.stderr = None\nreturn 1'],
  ['a closed stdout', 'sys.stdout.close()\nreturn 1'],
  ['a redirected descriptor 1', 'os.dup2(os.open("/dev/null", os.O_RDWR), 1)\nreturn 1'],
  ['a thread', 'threading.Thread(target=time.sleep, args=(60,), daemon=True).start()\nreturn 1'],
  ['a leaked descriptor', 'os.dup2(os.open("/dev/null", os.O_RDONLY), 77)\nreturn 1'],
  ['a subprocess', 'subprocess.Popen(["sleep", "60"])\nreturn 1'],
  ['a forked child', 'if os.fork() == 0:\n    time.sleep(60)\nreturn 1'],
  ['a signal handler', 'signal.signal(signal.SIGTERM, lambda *a: None)\nreturn 1'],
  ['an alarm', 'signal.signal(signal.SIGALRM, lambda *a: None)\nsignal.setitimer(signal.ITIMER_REAL, 30)\nreturn 1'],
  ['deleted builtins', 'del builtins.len, builtins.print, builtins.isinstance, builtins.type\nreturn 1'],
  ['a changed recursion limit', 'sys.setrecursionlimit(100000)\nreturn 1'],
  ['a trace function', 'sys.settrace(lambda *a: None)\nreturn 1'],
  ['a changed path', 'sys.path.insert(0, "/left")\nreturn 1'],
];

const FATAL: readonly [what: string, body: string, error: RegExp][] = [
  ['sys.exit', 'sys.exit(3)', /sys\.exit\(3\)/],
  ['os._exit', 'os._exit(7)', /exit code 7/],
  ['its own SIGKILL', 'os.kill(os.getpid(), 9)', /SIGKILL/],
  ['a segmentation fault', 'ctypes.string_at(0)', /SIGSEGV.*Segmentation fault/],
  ['an abort', 'os.abort()', /SIGABRT/],
  ['closing every descriptor', 'os.closerange(0, 256)\ntime.sleep(60)', /before the call was over/],
  ['garbage on the protocol', 'os.write(3, b"\\xff" * 4096)\ntime.sleep(60)', /before the call was over/],
  ['endless recursion', 'def f(): return f()\nreturn f()', /RecursionError/],
  ['too much memory', 'return len(bytearray(1 << 62))', /MemoryError/],
  ['KeyboardInterrupt', 'raise KeyboardInterrupt', /KeyboardInterrupt/],
  ['GeneratorExit', 'raise GeneratorExit("no")', /GeneratorExit: no/],
];

describePython('attacks', () => {
  const python = usePython({ maxWorkers: 2 });

  it.each(MEANWHILE)('%s does not reach the next call, and the result stands', async (_what, body) => {
    const agent = await python.load(FILE(body));
    const clean = await callAgent(agent, { probe: true }, createTestContext());
    const spoiled = await callAgent(agent, {}, createTestContext());
    expect(spoiled.value).toBe(1);
    const after = await callAgent(agent, { probe: true }, createTestContext());
    expect(after.value).toEqual(clean.value);
    const logged = await callAgent(
      await python.load(agentFile('print("still here")\nreturn 2')),
      {},
      createTestContext(),
    );
    expect(logged.context.logs).toEqual([{ level: 'info', message: 'still here' }]);
  });

  it.each(FATAL)('%s ends that call alone', async (_what, body, text) => {
    const agent = await python.load(FILE(body));
    const error = await failureOf(callAgent(agent, {}, createTestContext()));
    expect(error.code).toBe('handler_failed');
    expect(error.message).toMatch(text);
    const after = await callAgent(agent, { probe: true }, createTestContext());
    expect((after.value as unknown[])[0]).toBe(1);
  });

  it('never lets a forked child answer for its parent', async () => {
    const agent = await python.load(
      agentFile(
        'child = os.fork()\nif child == 0:\n    return "child"\nos.waitpid(child, 0)\nreturn "parent"',
        'import os',
      ),
    );
    for (let n = 0; n < 5; n++) {
      expect((await callAgent(agent, {}, createTestContext())).value).toBe('parent');
    }
  });

  it('never lets a child of C fork answer for its parent', async () => {
    const body =
      'child = ctypes.CDLL(None).fork()\nif child == 0:\n    return "child"\nos.waitpid(child, 0)\nreturn "parent"';
    const agent = await python.load(agentFile(body, 'import ctypes, os'));
    expect((await callAgent(agent, {}, createTestContext())).value).toBe('parent');
  });

  it('survives any bytes that an agent writes to the protocol', async () => {
    const body = 'random.seed(args["n"])\nos.write(3, random.randbytes(args["n"] * 7))\nreturn 1';
    const agent = await python.load(agentFile(body, 'import os, random'));
    for (let n = 1; n <= 12; n++) {
      const context = createTestContext();
      const timer = setTimeout(() => context.abort(), 1_000);
      await callAgent(agent, { n }, context).catch((error: unknown) => expect(error).toBeInstanceOf(PypesError));
      clearTimeout(timer);
      expect((await python.call(agentFile('return 2'))).value).toBe(2);
    }
  });

  it('passes no protocol descriptor on to subprocesses', async () => {
    const body = `own = [os.readlink(f"/proc/self/fd/{n}") for n in (3, 4)]
listed = subprocess.run(["ls", "-l", "/proc/self/fd"], capture_output=True, text=True, close_fds=False).stdout
return {"found": any(name in listed for name in own), "listed": "/proc" in listed}`;
    const { value } = await python.call(agentFile(body, 'import os, subprocess'));
    expect(value).toEqual({ found: false, listed: true });
  });
});
