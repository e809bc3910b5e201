// The shared suite of all runtimes, for LisPy that runs at another endpoint: what is remote is no matter of the language.
import type { Runtime } from '@pypes/contract';
import { createLispyRuntime } from '@pypes/runtimes/lispy';
import { afterAll } from 'vitest';
import { lispyFixtures } from '../../../../runtimes/src/testing/fixtures/lispy.ts';
import { testRuntime } from '../../../../runtimes/src/testing/test-runtime.ts';
import { startPair } from './testing/pair.ts';

const pair = await startPair({
  runtimes: [createLispyRuntime()],
  languages: [{ name: 'lispy', extensions: ['.lispy'] }],
  mostCalls: 400,
});
afterAll(() => pair.close());

testRuntime('remote lispy', () => pair.connect().runtimes[0] as Runtime, lispyFixtures);
