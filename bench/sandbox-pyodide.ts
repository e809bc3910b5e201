// Pyodide in workerd, the Python sandbox of machines without bubblewrap: the first result of a new user.

import { setTimeout as sleep } from 'node:timers/promises';
import { DEFAULT_LIMITS } from '@pypes/contract';
import { createPyodideRuntime, findWorkerd } from '@pypes/runtimes/python';
import { createTestContext } from '../packages/runtimes/src/testing/context.ts';
import { sourceFile } from '../packages/runtimes/src/testing/source-file.ts';
import { median, type Row } from './rows.ts';

const STARTS = 9;
/** So that what read the file is no longer at work. Milliseconds. */
const QUIET_MS = 500;
const SOURCE = 'AGENT = {"name": "echo"}\ndef run(context, n=1):\n    return n\n';

/**
 * Milliseconds from a call to its result where its sandbox starts from the snapshot and nothing else starts beside it:
 * of users in a row, each second one would take the spare sandbox, and start while it does. None without workerd.
 */
export async function measurePyodide(): Promise<readonly Row[]> {
  if (findWorkerd() === undefined) return [];
  // The very first one of a machine makes the snapshot.
  await measureFirst();
  const times: number[] = [];
  for (let start = 0; start < STARTS; start++) times.push(await measureFirst());
  const value = median(times);
  return [
    { name: "Pyodide: a new user's first result, from the snapshot (ms)", value, goal: '≤ 500', ok: value <= 500 },
  ];
}

async function measureFirst(): Promise<number> {
  const runtime = createPyodideRuntime();
  try {
    const [agent] = await runtime.load(sourceFile('echo_agent.py', SOURCE), DEFAULT_LIMITS);
    if (agent === undefined) throw new Error('The file has no agent');
    await sleep(QUIET_MS);
    const began = performance.now();
    await agent.run(createTestContext({ userGuid: 'user' }), { n: 1 });
    return performance.now() - began;
  } finally {
    await runtime.close();
  }
}
