// The shared suite of all runtimes, for Python that runs at another endpoint, in its sandbox there.
import type { Runtime } from '@pypes/contract';
import { createPythonSandbox, findBubblewrap } from '@pypes/runtimes/python';
import { afterAll, describe } from 'vitest';
import { pythonFixtures } from '../../../../runtimes/src/testing/fixtures/python.ts';
import { testRuntime } from '../../../../runtimes/src/testing/test-runtime.ts';
import { startPair } from './testing/pair.ts';

const { works, reason } = (await findBubblewrap()) as { works: boolean; reason?: string };

describe.skipIf(!works && process.env.CI === undefined)(
  `remote Python (needs bubblewrap: ${reason ?? 'is here'})`,
  async () => {
    const pair = await startPair({
      runtimes: [createPythonSandbox()],
      languages: [{ name: 'python', extensions: ['.py'] }],
      mostCalls: 400,
    });
    afterAll(() => pair.close());
    testRuntime('remote python', () => pair.connect().runtimes[0] as Runtime, pythonFixtures);
  },
);
