// Pyodide in workerd, the Python sandbox of machines without bubblewrap: the first result of a new user.

import { DEFAULT_LIMITS } from '@pypes/contract';
import { createPyodideRuntime, findWorkerd } from '@pypes/runtimes/python';
import { createTestContext } from '../packages/runtimes/src/testing/context.ts';
import { sourceFile } from '../packages/runtimes/src/testing/source-file.ts';
import { median, type Row } from './rows.ts';

const USERS = 9;
const SOURCE = 'AGENT = {"name": "echo"}\ndef run(context, n=1):\n    return n\n';

/** Milliseconds from a call to its result, each of a user who never called before; none where there is no workerd. */
export async function measurePyodide(): Promise<readonly Row[]> {
  if (findWorkerd() === undefined) return [];
  const runtime = createPyodideRuntime({ maxWorkers: USERS + 2 });
  try {
    const [agent] = await runtime.load(sourceFile('echo_agent.py', SOURCE), DEFAULT_LIMITS);
    if (agent === undefined) throw new Error('The file has no agent');
    const first = async (user: number) => {
      const began = performance.now();
      await agent.run(createTestContext({ userGuid: `user-${user}` }), { n: user });
      return performance.now() - began;
    };
    // The very first one of a machine makes the snapshot.
    await first(0);
    const times: number[] = [];
    for (let user = 1; user <= USERS; user++) times.push(await first(user));
    const value = median(times);
    return [{ name: "Pyodide: a new user's first result (ms)", value, goal: '≤ 500', ok: value <= 500 }];
  } finally {
    await runtime.close();
  }
}
