// Finds the real interpreter behind a name, a path or a version manager's shim, and checks its version.
import { execFile } from 'node:child_process';
import { PypesError } from '@pypes/contract';

/** Asked without the module site, which may take longer than all else: where packages lie is not asked. */
const PROBE = 'import sys; print(sys.executable); print("%d.%d" % sys.version_info[:2])';
const OLDEST = [3, 9] as const;

/** What was asked in this process, and not in vain. */
const asked = new Map<string, Promise<string>>();

/**
 * The path of the interpreter: asked once, for a version manager's shim may take a tenth of a second.
 *
 * @throws PypesError `unsupported` that says how to get a Python
 */
export function findInterpreter(python: string = nameOfPython()): Promise<string> {
  const known = asked.get(python);
  if (known !== undefined) return known;
  const asking = ask(python);
  asked.set(python, asking);
  // One that is installed later is found then.
  asking.catch(() => asked.delete(python));
  return asking;
}

/** The interpreter of those who name none. */
export function nameOfPython(): string {
  return process.env.PYPES_PYTHON ?? 'python3';
}

function ask(python: string): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(python, ['-S', '-c', PROBE], { timeout: 20_000 }, (error, stdout, stderr) => {
      if (error !== null) return reject(missing(python, stderr.trim().split('\n').at(-1) || error.message, error));
      const [executable = '', version = ''] = stdout.trim().split('\n').slice(-2);
      if (!isRecent(version)) return reject(missing(python, `it is Python ${version}`));
      resolve(executable || python);
    });
  });
}

function isRecent(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1]);
}

function missing(python: string, reason: string, cause?: unknown): PypesError {
  return new PypesError(
    'unsupported',
    `Python files need Python ${OLDEST.join('.')} or newer, and "${python}" is not that: ${reason}. ` +
      'Install it (Debian, Ubuntu: apt install python3; macOS: brew install python), or name one in PYPES_PYTHON',
    { cause },
  );
}
