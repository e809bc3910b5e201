// Whether bubblewrap works on this machine: found out by really making a sandbox, since kernels and containers refuse it in many ways.
import { execFile } from 'node:child_process';

/** What {@link findBubblewrap} found; `reason` says what is missing and what to do. */
export type Bubblewrap = {
  readonly path: string;
  readonly works: boolean;
  /** Whether the sandbox can be kept from making user namespaces of its own (0.8 and newer). */
  readonly canDisableUserNamespaces: boolean;
  readonly reason?: string;
};

const LONGEST_MS = 10_000;
const TRIAL = [
  ...['--unshare-all', '--unshare-user', '--die-with-parent', '--new-session', '--as-pid-1', '--cap-drop', 'ALL'],
  ...['--ro-bind', '/', '/', '--size', '4096', '--perms', '0700', '--tmpfs', '/tmp', '--remount-ro', '/'],
];

/**
 * Tries one sandbox.
 *
 * @example
 * const { works, reason } = await findBubblewrap();
 * if (!works) console.log(reason);
 */
export async function findBubblewrap(path = process.env.PYPES_BWRAP ?? 'bwrap'): Promise<Bubblewrap> {
  if (process.platform !== 'linux') return broken(path, `bubblewrap needs Linux, and this is ${process.platform}`);
  if (process.arch !== 'x64' && process.arch !== 'arm64') {
    return broken(path, `The system call filter knows the processors x64 and arm64, and this is ${process.arch}`);
  }
  // The newest form first: it is what most machines have.
  const best = await run(path, [...TRIAL, '--disable-userns', '--', '/bin/true']);
  if (best === undefined) return { path, works: true, canDisableUserNamespaces: true };
  const plain = await run(path, [...TRIAL, '--', '/bin/true']);
  if (plain === undefined) return { path, works: true, canDisableUserNamespaces: false };
  return broken(path, explain(path, plain));
}

function broken(path: string, reason: string): Bubblewrap {
  return { path, works: false, canDisableUserNamespaces: false, reason };
}

type Trouble = { readonly isMissing: boolean; readonly text: string };

function run(path: string, args: readonly string[]): Promise<Trouble | undefined> {
  return new Promise((resolve) => {
    execFile(path, args, { timeout: LONGEST_MS, env: {} }, (error, _stdout, stderr) => {
      if (error === null) resolve(undefined);
      else resolve({ isMissing: error.code === 'ENOENT', text: stderr.trim().split('\n').at(-1) || error.message });
    });
  });
}

function explain(path: string, { isMissing, text }: Trouble): string {
  if (isMissing) {
    return `"${path}" is not installed; install it (Debian, Ubuntu: apt install bubblewrap; Fedora: dnf install bubblewrap), or name it in PYPES_BWRAP`;
  }
  const hint = /unknown option/i.test(text)
    ? 'update bubblewrap to 0.5 or newer'
    : 'allow user namespaces: sysctl kernel.unprivileged_userns_clone=1 (Debian), ' +
      'kernel.apparmor_restrict_unprivileged_userns=0 or an AppArmor profile for bwrap (Ubuntu), ' +
      'a seccomp profile that allows unshare and mount (in a container)';
  return `"${path}" cannot make a sandbox here: "${text}"; ${hint}`;
}
