// The command line that puts a worker into bubblewrap: what it sees, and nothing else.
import { INSIDE, type Layout, WORKER } from './layout.ts';
import type { SandboxSettings } from './options.ts';

/** What of a machine the command line names. */
export type Place = {
  readonly layout: Layout;
  /** Folder of the worker's bytecode. */
  readonly cache: string;
  readonly canDisableUserNamespaces: boolean;
};

/** The descriptor that bubblewrap reads its filter from. */
export const FILTER_DESCRIPTOR = 6;

const DEVICES = ['null', 'zero', 'full', 'random', 'urandom'];

const ENVIRONMENT: { readonly [name: string]: string } = {
  HOME: INSIDE.home,
  LANG: 'C.UTF-8',
  PATH: '/usr/bin',
  // Each arena of the C library reserves 64 MiB of addresses, which count; so do threads of number libraries.
  MALLOC_ARENA_MAX: '1',
  OPENBLAS_NUM_THREADS: '1',
  OMP_NUM_THREADS: '1',
};

/** Arguments of bubblewrap up to and with the interpreter; the worker's own follow. */
export function toArguments({ layout, cache, canDisableUserNamespaces }: Place, settings: SandboxSettings): string[] {
  return [
    ...['--unshare-all', '--unshare-user', ...(canDisableUserNamespaces ? ['--disable-userns'] : [])],
    ...['--uid', '1000', '--gid', '1000', '--hostname', 'sandbox', '--cap-drop', 'ALL'],
    ...['--die-with-parent', '--new-session', '--as-pid-1', '--seccomp', String(FILTER_DESCRIPTOR)],
    ...['--clearenv', ...Object.entries(ENVIRONMENT).flatMap(([name, value]) => ['--setenv', name, value])],
    ...toMounts(layout, cache, settings),
    ...['--chdir', INSIDE.home, '--', layout.executable],
  ];
}

/** The folders that agents may import packages from, by the names that they have inside. */
export function packagesOf(layout: Layout, { packages }: SandboxSettings): readonly Package[] {
  if (packages === 'none') return [];
  const folders = packages === 'installed' ? layout.packages : packages;
  return folders.map((folder, index) => ({
    folder,
    inside: isVisible(layout, folder) ? folder : `${INSIDE.packages}/${index}`,
  }));
}

type Package = { readonly folder: string; readonly inside: string };

/** It lies in the standard library's folder, as most interpreters have it. */
function isVisible({ folders }: Layout, folder: string): boolean {
  return folders.some((outer) => folder.startsWith(`${outer}/`));
}

function toMounts(layout: Layout, cache: string, settings: SandboxSettings): string[] {
  const packages = packagesOf(layout, settings);
  const added = packages.filter(({ folder, inside }) => folder !== inside);
  const hidden = layout.packages.filter(
    (folder) => isVisible(layout, folder) && !packages.some((known) => known.folder === folder),
  );
  return [
    // First, so that it hides nothing of an interpreter that lies below.
    ...['--size', String(settings.temporaryBytes), '--perms', '0700', '--tmpfs', INSIDE.home],
    ...layout.folders.flatMap((folder) => ['--ro-bind', folder, folder]),
    ...added.flatMap(({ folder, inside }) => ['--ro-bind', folder, inside]),
    ...hidden.flatMap((folder) => ['--tmpfs', folder, '--remount-ro', folder]),
    ...Object.entries(layout.links).flatMap(([name, target]) => ['--symlink', target, name]),
    ...Object.entries(layout.files).flatMap(([name, source]) => ['--ro-bind', source, name]),
    ...['/etc/ld.so.cache', '/usr/share/zoneinfo'].flatMap((path) => ['--ro-bind-try', path, path]),
    ...['--ro-bind', WORKER, INSIDE.worker, '--ro-bind', cache, INSIDE.cache],
    ...DEVICES.flatMap((name) => ['--dev-bind', `/dev/${name}`, `/dev/${name}`]),
    ...['--symlink', INSIDE.home, '/dev/shm'],
    // Everything that was made for mounting onto would else be a writable place without a limit.
    ...['--remount-ro', '/'],
  ];
}
