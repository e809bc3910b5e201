import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const folder = import.meta.dirname;
const readme = readFileSync(join(folder, '..', 'README.md'), 'utf8');
const snippets = [...readme.matchAll(/```ts\n([\s\S]*?)```/g)].map((match) => match[1]!);

it('has examples', () => {
  expect(snippets.length).toBeGreaterThanOrEqual(6);
});

it.each(snippets.map((snippet, index) => [index + 1, snippet] as const))(
  'example %i prints what it says',
  (_index, snippet) => {
    const expected = [...snippet.matchAll(/^\/\/ → (.*)$/gm)].map((match) => match[1]!);
    const temporary = mkdtempSync(join(tmpdir(), 'lispy-readme-'));
    try {
      const file = join(temporary, 'example.ts');
      writeFileSync(file, snippet.replaceAll("'@pypes/lispy'", `'${join(folder, 'index.ts')}'`));
      const printed = execFileSync(process.execPath, [file], { encoding: 'utf8' });
      expect(printed.trim().split('\n')).toEqual(expected);
    } finally {
      rmSync(temporary, { recursive: true });
    }
  },
);
