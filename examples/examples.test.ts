// Every example is a program that asserts its own result; here each is run as a reader would run it.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const stories = readdirSync(import.meta.dirname).filter((name) =>
  existsSync(join(import.meta.dirname, name, 'story.ts')),
);

const LONGEST_MS = 180_000;

it.each(stories)('%s', { timeout: LONGEST_MS }, (name) => {
  const { status, stderr } = spawnSync(process.execPath, [join(import.meta.dirname, name, 'story.ts')], {
    encoding: 'utf8',
  });
  expect([status, stderr]).toEqual([0, '']);
});
