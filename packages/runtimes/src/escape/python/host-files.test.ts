// Reading the host's files: accounts, keys, homes, the project, the kernel's own.
import { expect, it } from 'vitest';
import { describeAttack, tryAll } from './attack.ts';

const FILES = [
  '/etc/passwd',
  '/etc/shadow',
  '/etc/hosts',
  '/root/.ssh/id_rsa',
  '/root/.bashrc',
  '/home',
  '/work',
  '/var/log',
];
const KERNEL = ['/proc/1/environ', '/proc/self/environ', '/proc/self/mounts', '/proc/kcore', '/sys/kernel', '/dev/mem'];
const OUT = ['/proc/self/root/etc/passwd', '/proc/self/cwd/../etc/passwd', '/tmp/../../../etc/passwd', '//etc/passwd'];

describeAttack('host files', (attack) => {
  it('are not there to be read', async () => {
    const paths = [...FILES, ...KERNEL, ...OUT];
    const ways = paths.flatMap((path) => [`open("${path}").read()`, `os.listdir("${path}")`]);
    expect((await attack(tryAll(ways), { head: 'import os' })).value).toEqual({});
  });

  it('shows nothing but the interpreter, the worker and an empty folder', async () => {
    const body = 'return sorted(os.listdir("/")), os.listdir("/tmp"), sorted(os.listdir("/opt/pypes"))';
    const { value } = await attack(body, { head: 'import os' });
    const [root, temporary, own] = value as string[][];
    for (const name of root ?? [])
      expect(['dev', 'etc', 'lib', 'lib64', 'opt', 'root', 'home', 'tmp', 'usr', 'nix']).toContain(name);
    expect(temporary).toEqual([]);
    expect(own).toEqual(['cache', 'worker']);
  });

  it('has no place to write to but its own', async () => {
    const body = `
found = []
for folder, _, _ in os.walk("/", followlinks=False):
    try:
        open(folder + "/planted", "w").close()
        found.append(folder)
    except OSError:
        pass
return found`;
    expect((await attack(body, { head: 'import os' })).value).toEqual(['/tmp']);
  });
});
