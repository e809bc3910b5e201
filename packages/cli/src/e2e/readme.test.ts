// The README says nothing that does not work: its file, its curl line and its commands are run here.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { PYPES } from './command.ts';
import { newFolder, noPython, startServer, stopServers } from './server.ts';

const project = resolve(import.meta.dirname, '../../../..');
const readme = readFileSync(join(project, 'README.md'), 'utf8');
const blocks = [...readme.matchAll(/```(\w+)\n([\s\S]*?)```/g)].map(([, language, text]) => ({
  language,
  text: text ?? '',
}));

afterAll(stopServers);

describe.skipIf(noPython !== undefined)(`the README${noPython === undefined ? '' : ` (${noPython})`}`, () => {
  it('shows a file that is an agent', () => {
    const source = blocks.find(({ language }) => language === 'python')?.text ?? '';
    const cwd = newFolder();
    mkdirSync(join(cwd, 'agents'));
    writeFileSync(join(cwd, 'agents/hello.py'), source);
    const { stdout } = spawnSync(process.execPath, [PYPES, 'call', 'hello', '{"who": "Ann"}'], {
      cwd,
      encoding: 'utf8',
    });
    expect(stdout).toBe('Hello, Ann!\n');
  });

  it('shows a curl line that the bundled agents answer', async () => {
    const line = blocks.find(({ text }) => text.startsWith('curl '))?.text ?? '';
    const server = await startServer({}, { folder: join(project, 'agents') });
    const { stdout } = spawnSync('sh', ['-c', line.replace('http://127.0.0.1:7080', server.url)], { encoding: 'utf8' });
    expect(JSON.parse(stdout)).toMatchObject({ status: 'ok' });
  });

  it('shows commands that work', () => {
    const lines = blocks.flatMap(({ text }) => text.split('\n')).filter((line) => line.startsWith('npx pypes call'));
    expect(lines.length).toBeGreaterThan(0);
    for (const line of lines) {
      const command = line.replace('npx pypes', `'${process.execPath}' '${PYPES}'`);
      const { status, stderr } = spawnSync('sh', ['-c', `${command} --root '${newFolder()}'`], {
        cwd: project,
        encoding: 'utf8',
      });
      expect([line, status, stderr]).toEqual([line, 0, '']);
    }
  });

  it('names commands that exist', () => {
    const { stdout } = spawnSync(process.execPath, [PYPES, '--help'], { encoding: 'utf8' });
    for (const [, command] of readme.matchAll(/npx pypes (\w+)/g)) expect(stdout).toContain(`  ${command} `);
  });

  it('links to files that exist', () => {
    for (const file of [
      'README.md',
      'ARCHITECTURE.md',
      'CONTRIBUTING.md',
      'docs/guide/wire.md',
      'examples/README.md',
    ]) {
      const text = readFileSync(join(project, file), 'utf8');
      for (const [, link] of text.matchAll(/\]\((?!https?:)([^)#]+)/g)) {
        const target = resolve(project, file, '..', link ?? '');
        expect([file, link, spawnSync('test', ['-e', target]).status]).toEqual([file, link, 0]);
      }
    }
  });
});
