// Text without its types, kept: the same as if it was stripped anew, and stripped once.
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { stripTypes } from './strip.ts';
import { createKeptStrip } from './stripped.ts';

const TYPED = 'const greet = (who: string): string => `Hello, “` + who;\n';

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'pypes-stripped-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

function counting() {
  let count = 0;
  const strip = (text: string) => {
    count++;
    return stripTypes(text);
  };
  return { strip, count: () => count };
}

it('strips a text once, also for another process that keeps it in the same folder', () => {
  const folder = join(newFolder(), 'made', 'when wanted');
  const { strip, count } = counting();
  const first = createKeptStrip(folder, strip)(TYPED);
  expect(first).toBe(stripTypes(TYPED));
  expect(createKeptStrip(folder, strip)(TYPED)).toBe(first);
  expect(count()).toBe(1);
  createKeptStrip(folder, strip)(`${TYPED}\n`);
  expect(count()).toBe(2);
});

it('leaves nothing half written behind', () => {
  const folder = newFolder();
  createKeptStrip(folder, stripTypes)(TYPED);
  expect(readdirSync(folder)).toStrictEqual([expect.stringMatching(/^[0-9a-f]{64}$/)]);
});

it('strips where nothing can be kept', () => {
  const file = join(newFolder(), 'file');
  writeFileSync(file, '');
  expect(createKeptStrip(join(file, 'no folder'), stripTypes)(TYPED)).toBe(stripTypes(TYPED));
});

it('keeps no failure', () => {
  const folder = newFolder();
  const keep = createKeptStrip(folder, stripTypes);
  expect(() => keep('const a: = 1')).toThrow(SyntaxError);
  expect(() => keep('const a: = 1')).toThrow(SyntaxError);
  expect(readdirSync(folder)).toStrictEqual([]);
});
