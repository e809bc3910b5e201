// Files without end: each takes memory of the kernel, even an empty one, a folder or a link.
import { expect, it } from 'vitest';
import { describeAttack } from './attack.ts';

describeAttack('disk bomb', (attack) => {
  it.each(['open(f"/tmp/{n}", "w").close()', 'os.mkdir(f"/tmp/{n}")', 'os.symlink("x", f"/tmp/{n}")'])(
    '%s ends at the number of files',
    async (line) => {
      const { error } = await attack(`for n in range(10_000_000):\n    ${line}\nreturn n`, {
        head: 'import os',
        stopAfterMs: 20_000,
      });
      expect(error).toMatchObject({ code: 'resource_exhausted', details: { limit: 'files' } });
    },
  );

  it('of folders within folders is cleared up, or its sandbox ends', async () => {
    const body = 'for n in range(3_000):\n    os.mkdir("x")\n    os.chdir("x")\nreturn n';
    expect((await attack(body, { head: 'import os' })).value).toBe(2_999);
    expect((await attack('return os.listdir("/tmp")', { head: 'import os' })).value).toEqual([]);
  });
});
