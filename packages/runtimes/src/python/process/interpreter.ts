// Finds the real interpreter behind a name, a path or a version manager's shim, and checks its version.
import { execFile } from 'node:child_process';
import { PypesError } from '@pypes/contract';

const PROBE = 'import sys; print(sys.executable); print("%d.%d" % sys.version_info[:2])';
const OLDEST = [3, 9] as const;

/**
 * The path of the interpreter.
 *
 * @throws PypesError `unsupported` that says how to get a Python
 */
export function findInterpreter(python: string): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(python, ['-c', PROBE], { timeout: 20_000 }, (error, stdout, stderr) => {
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
