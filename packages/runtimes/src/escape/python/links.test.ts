// Links, handles and /proc tricks that lead out of a folder elsewhere.
import { expect, it } from 'vitest';
import { describeAttack, tryAll } from './attack.ts';

describeAttack('links', (attack) => {
  it('lead to nothing of the host', async () => {
    const ways = [
      'os.symlink("/etc/passwd", "/tmp/a") or open("/tmp/a").read()',
      'os.symlink("/proc/1/root", "/tmp/b") or os.listdir("/tmp/b")',
      'os.symlink("../../../../../../etc/passwd", "/tmp/c") or open("/tmp/c").read()',
      'os.link("/opt/pypes/worker/main.py", "/tmp/d")',
      'os.chroot("/tmp")',
      'os.listdir("/proc/self/fd")',
      'open("/proc/self/mem", "r+b")',
      'os.open("..", os.O_RDONLY, dir_fd=os.open("/", os.O_RDONLY)) and open("/etc/passwd")',
      'os.mknod("/tmp/e", 0o60600, os.makedev(8, 0))',
      'os.mknod("/tmp/f", 0o20600, os.makedev(1, 1))',
      'os.chmod("/opt/pypes/worker/main.py", 0o777)',
      'os.rename("/opt/pypes/worker", "/tmp/g")',
    ];
    expect((await attack(tryAll(ways), { head: 'import os' })).value).toEqual({});
  });

  it('left behind do not make the host remove anything elsewhere', async () => {
    const body = 'os.symlink("/opt/pypes/worker", "/tmp/link")\nos.symlink("/", "/tmp/root")\nreturn 1';
    expect((await attack(body, { head: 'import os' })).value).toBe(1);
    expect((await attack('return len(os.listdir("/opt/pypes/worker")) > 0', { head: 'import os' })).value).toBe(true);
  });
});
