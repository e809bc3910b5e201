// A machine without a working bubblewrap says so, and what to do.
import { DEFAULT_LIMITS } from '@pypes/contract';
import { expect, it } from 'vitest';
import { sourceFile } from '../../testing/source-file.ts';
import { agentFile, failureOf } from '../testing.ts';
import { findBubblewrap } from './bubblewrap.ts';
import { createPythonSandbox } from './sandbox.ts';
import { describeSandbox } from './testing.ts';

describeSandbox('bubblewrap', () => {
  it('is tried, not only looked for', async () => {
    expect(await findBubblewrap()).toMatchObject({ works: true });
    expect(await findBubblewrap('no-such-bubblewrap')).toMatchObject({
      works: false,
      reason: expect.stringMatching(/not installed.*apt install bubblewrap/),
    });
    expect(await findBubblewrap('/bin/false')).toMatchObject({ works: false, reason: expect.stringMatching(/cannot/) });
  });

  it('is what a file is refused for where it does not work', async () => {
    const runtime = createPythonSandbox({ bubblewrap: 'no-such-bubblewrap' });
    const error = await failureOf(runtime.load(sourceFile('a.py', agentFile('return 1')), DEFAULT_LIMITS));
    expect(error).toMatchObject({ code: 'agent_broken', message: expect.stringMatching(/need a sandbox.*install it/) });
    await runtime.close();
  });
});
