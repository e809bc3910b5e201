// Attack: read files and the environment of the host, or find where the sandbox keeps its own.
import { expect, it } from 'vitest';
import { describeAttack, python, tryAll } from './attack.ts';

const PATHS = [
  '/etc/passwd',
  '/proc/self/environ',
  '/proc/self/maps',
  '/proc/1/cmdline',
  '/sys/kernel/hostname',
  '/dev/mem',
  '/root/.ssh/id_rsa',
];

describeAttack('host files', ({ attack, expectUnharmed }) => {
  it('none is there', async () => {
    const { output } = await attack(python(tryAll(PATHS.map((path) => `open(${JSON.stringify(path)}, "rb").read()`))));
    expect(output).toStrictEqual({});
  });

  it('the folders are those of Pyodide alone', async () => {
    const { output } = await attack(python('import os\nreturn sorted(os.listdir("/"))'));
    expect(output).toStrictEqual(['dev', 'home', 'lib', 'proc', 'tmp']);
  });

  it('the environment has nothing of the host', async () => {
    process.env.PYPES_TEST_SECRET = 'sesame';
    const { output } = await attack(
      python('import os\nreturn [v for v in os.environ.values() if "sesame" in v or "node_modules" in v]'),
    );
    expect(output).toStrictEqual([]);
    await expectUnharmed();
  });

  it('links and mounts lead nowhere', async () => {
    const body = `
import os
os.symlink("/etc/passwd", "/tmp/link")
try:
    return open("/tmp/link").read()
except OSError:
    return None`;
    expect((await attack(python(body))).output).toBeNull();
  });
});
