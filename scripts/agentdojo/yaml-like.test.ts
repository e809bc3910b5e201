// Printed results are data where they are plainly so; prose stays in one piece.
import { expect, test } from 'vitest';
import type { Json } from '../../packages/contract/src/index.ts';
import { parseYamlLike } from './yaml-like.ts';

test.each<[string, Json]>([
  [
    '- id: 1\n  to:\n  - a\n  - b\n- id: 2\n  to: []',
    [
      { id: '1', to: ['a', 'b'] },
      { id: '2', to: [] },
    ],
  ],
  ["body: 'Hi,\n\n  it''s me'\nsubject: x", { body: "Hi,\n\nit's me", subject: 'x' }],
  ['a:\n  b: "x\\ny"\n  c: {}\nd: |\n  one\n  two: 2', { a: { b: 'x\ny', c: {} }, d: 'one\ntwo: 2' }],
  ['- one\n- two: 2\n  three: 3', ['one', { two: '2', three: '3' }]],
])('%j', (text, value) => {
  expect(parseYamlLike(text)).toEqual(value);
});

test.each([
  'Dear tenant, \nPlease note: the rent is 100.\nBest',
  'Hotels: A\nB\nC',
  'one line: only',
  'a: 1\na: 2',
  '- a\nb: 2\n  c',
  '',
  ' \n ',
])('%j is prose', (text) => {
  expect(parseYamlLike(text)).toBeUndefined();
});
