// Appended lines: in order, none lost, and a failure that is said.
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { appendLines } from './append.ts';

const newFile = () => join(mkdtempSync(join(tmpdir(), 'pypes-append-')), 'deep', 'lines.jsonl');
const never = (error: unknown) => {
  throw error;
};

describe('appendLines', () => {
  it('writes every line in order, also those that wait at the close', () => {
    const path = newFile();
    const file = appendLines(path, never);
    const lines = Array.from({ length: 20_000 }, (_, index) => `line ${index} ${'x'.repeat(index % 50)}`);
    for (const line of lines) file.write(line);
    file.close();
    expect(readFileSync(path, 'utf8').trimEnd().split('\n')).toEqual(lines);
  });

  it('writes soon without being asked, and goes on after what is there', async () => {
    const path = newFile();
    const first = appendLines(path, never);
    first.write('one');
    await expect.poll(() => readFileSync(path, { encoding: 'utf8', flag: 'a+' })).toBe('one\n');
    first.close();
    const second = appendLines(path, never);
    second.write('two');
    second.close();
    expect(readFileSync(path, 'utf8')).toBe('one\ntwo\n');
  });

  it('says how many lines were lost', () => {
    const lost: number[] = [];
    const file = appendLines('/dev/null/lines.jsonl', (_error, lines) => lost.push(lines));
    file.write('a');
    file.write('b');
    file.close();
    expect(lost).toEqual([2]);
  });
});
