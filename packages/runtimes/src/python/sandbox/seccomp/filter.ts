// A seccomp filter as bytes: a classic BPF program over the number and the arguments of each system call.
import {
  AUDIT_ARCH,
  CLONE,
  CLONE3,
  EXEC,
  FCNTL,
  GETSOCKOPT,
  IOCTL,
  NEWEST,
  PRCTL,
  type Processor,
  REFUSED,
  SETSOCKOPT,
  SOCKETPAIR,
} from './syscalls.ts';

type Instruction = readonly [code: number, whenTrue: number, whenFalse: number, operand: number];

const LOAD = 0x20;
const JUMP_EQUAL = 0x15;
const JUMP_GREATER = 0x25;
const JUMP_AT_LEAST = 0x35;
const JUMP_ANY_BIT = 0x45;
const RETURN = 0x06;

const ALLOW = 0x7fff0000;
const KILL_PROCESS = 0x80000000;
const EPERM = 0x00050000 | 1;
const ENOSYS = 0x00050000 | 38;

const NUMBER = 0;
const ARCHITECTURE = 4;
/** The low half of an argument: all that the kernel looks at for those below. Both processors are little-endian. */
const argument = (index: number) => 16 + 8 * index;

const CLONE_THREAD = 0x10000;
/** CLONE_NEWTIME, NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET. */
const CLONE_NEW = 0x80 | 0x20000 | 0x2000000 | 0x4000000 | 0x8000000 | 0x10000000 | 0x20000000 | 0x40000000;
const TIOCSTI = 0x5412;
const TIOCLINUX = 0x541c;
/** What is asked of a network device: the worker's own sockets would tell of the host's. */
const SIOC = [0x8900, 0x8bff] as const;
/** Would use up what the user has; would hold up who writes to a file of the host. */
const F_SETPIPE_SZ = 1031;
const F_SETLEASE = 1024;
const F_NOTIFY = 1026;
/** Would outlive its host. */
const PR_SET_PDEATHSIG = 1;
/** Would hide it from its host. */
const PR_SET_DUMPABLE = 4;
const AF_UNIX = 1;
/** Would give a handle of the host's process, by way of the worker's own sockets. */
const SO_PASSPIDFD = 76;
const SO_PEERPIDFD = 77;

/** The filter that bubblewrap installs before it starts the interpreter, as `struct sock_filter[]`. */
export function encodeSandboxFilter(processor: Processor): Buffer {
  const column = processor === 'x64' ? 0 : 1;
  return encode([
    [LOAD, 0, 0, ARCHITECTURE],
    [JUMP_EQUAL, 1, 0, AUDIT_ARCH[processor]],
    [RETURN, 0, 0, KILL_PROCESS],
    [LOAD, 0, 0, NUMBER],
    // The x32 calls of an x86-64 lie far above.
    [JUMP_GREATER, 0, 1, NEWEST],
    [RETURN, 0, 0, ENOSYS],
    ...answer(CLONE3[column], ENOSYS),
    ...Object.values(REFUSED).flatMap((numbers) => answer(numbers[column], EPERM)),
    ...judge(CLONE[column], 0, [
      [JUMP_ANY_BIT, 1, 0, CLONE_THREAD],
      [RETURN, 0, 0, EPERM],
      [JUMP_ANY_BIT, 0, 1, CLONE_NEW],
      [RETURN, 0, 0, EPERM],
    ]),
    ...judge(IOCTL[column], 1, [
      ...answer(TIOCSTI, EPERM),
      ...answer(TIOCLINUX, EPERM),
      [JUMP_AT_LEAST, 0, 2, SIOC[0]],
      [JUMP_GREATER, 1, 0, SIOC[1]],
      [RETURN, 0, 0, EPERM],
    ]),
    ...judge(
      FCNTL[column],
      1,
      [F_SETPIPE_SZ, F_SETLEASE, F_NOTIFY].flatMap((command) => answer(command, EPERM)),
    ),
    ...judge(
      PRCTL[column],
      0,
      [PR_SET_PDEATHSIG, PR_SET_DUMPABLE].flatMap((option) => answer(option, EPERM)),
    ),
    ...judge(SETSOCKOPT[column], 2, answer(SO_PASSPIDFD, EPERM)),
    ...judge(GETSOCKOPT[column], 2, answer(SO_PEERPIDFD, EPERM)),
    ...judge(SOCKETPAIR[column], 0, [
      [JUMP_EQUAL, 1, 0, AF_UNIX],
      [RETURN, 0, 0, EPERM],
    ]),
    [RETURN, 0, 0, ALLOW],
  ]);
}

/** The filter that the worker adds once it runs, before it reads anything of an agent: no other program, ever. */
export function encodeExecFilter(processor: Processor): Buffer {
  const column = processor === 'x64' ? 0 : 1;
  return encode([
    [LOAD, 0, 0, NUMBER],
    ...Object.values(EXEC).flatMap((numbers) => answer(numbers[column], EPERM)),
    [RETURN, 0, 0, ALLOW],
  ]);
}

/** What is loaded has one value: then this is the answer. */
function answer(value: number, result: number): Instruction[] {
  if (value < 0) return [];
  return [
    [JUMP_EQUAL, 0, 1, value],
    [RETURN, 0, 0, result],
  ];
}

/** Goes through rules for one argument of one system call; what they leave is allowed. */
function judge(number: number, index: number, rules: readonly Instruction[]): Instruction[] {
  return [[JUMP_EQUAL, 0, rules.length + 2, number], [LOAD, 0, 0, argument(index)], ...rules, [RETURN, 0, 0, ALLOW]];
}

function encode(program: readonly Instruction[]): Buffer {
  const bytes = Buffer.alloc(program.length * 8);
  for (const [index, [code, whenTrue, whenFalse, operand]] of program.entries()) {
    bytes.writeUInt16LE(code, index * 8);
    bytes.writeUInt8(whenTrue, index * 8 + 2);
    bytes.writeUInt8(whenFalse, index * 8 + 3);
    bytes.writeUInt32LE(operand, index * 8 + 4);
  }
  return bytes;
}
