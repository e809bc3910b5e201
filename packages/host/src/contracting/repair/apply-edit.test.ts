// Edits of findings, made in texts.
import { expect, test } from 'vitest';
import { applyEdit } from './apply-edit.ts';

const edit = (start: readonly [number, number], end: readonly [number, number], text: string) => ({
  path: 'a',
  start: { line: start[0], column: start[1] },
  end: { line: end[0], column: end[1] },
  text,
});

test.each([
  ['in a line', edit([2, 1], [2, 3], 'XY'), 'one\nXYo\nthree\n'],
  ['over lines', edit([1, 4], [3, 1], ''), 'onethree\n'],
  ['at the end', edit([4, 1], [4, 1], 'four'), 'one\ntwo\nthree\nfour'],
  ['beyond the end', edit([9, 9], [9, 9], 'nine'), 'one\ntwo\nthree\nnine'],
  ['beyond the end of a line', edit([1, 99], [1, 99], '!'), 'one!\ntwo\nthree\n'],
])('%s', (_name, change, expected) => {
  expect(applyEdit('one\ntwo\nthree\n', change)).toBe(expected);
});
