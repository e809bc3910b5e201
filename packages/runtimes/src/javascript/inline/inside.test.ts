// What is generated from the modules that run inside QuickJS is what they are now.
import { expect, it } from 'vitest';
import { readInside } from '../../testing/inside.ts';
import { INSIDE } from './inside.generated.ts';

it('is fresh; else run npm run build:inside', () => {
  expect(INSIDE).toStrictEqual(readInside());
});
