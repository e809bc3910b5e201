// The sandbox's limits for agents that mean no harm: what counts, what does not, and what remains possible.
import { expect, it } from 'vitest';
import { createTestContext } from '../../testing/context.ts';
import { agentFile, failureOf } from '../testing.ts';
import { describeSandbox, useSandbox } from './testing.ts';

const SPIN = 'end = time.process_time() + args["s"]\nwhile time.process_time() < end:\n    pass\nreturn 1';

describeSandbox('limits', () => {
  const { load, call } = useSandbox({ temporaryBytes: 8 * 1024 * 1024 });

  it('of processor time are for each call, not for all calls of a process', async () => {
    const agent = await load(agentFile(SPIN, 'import time'), { cpuMs: 600 });
    for (let n = 0; n < 5; n++) expect(await agent.run(createTestContext(), { s: 0.25 })).toBe(1);
    const error = await failureOf(agent.run(createTestContext(), { s: 5 }));
    expect(error).toMatchObject({ code: 'resource_exhausted', details: { limit: 'cpu_ms', maximum: 600 } });
  });

  it('of processor time do not count waiting', async () => {
    const agent = await load(agentFile('time.sleep(0.5)\nreturn 1', 'import time'), { cpuMs: 200 });
    expect(await agent.run(createTestContext(), {})).toBe(1);
  });

  it('of memory leave what was promised', async () => {
    const limits = { guestBytes: 64 * 1024 * 1024 };
    const agent = await load(agentFile('return len(bytearray(args["n"]))'), limits);
    expect(await agent.run(createTestContext(), { n: 60 * 1024 * 1024 })).toBe(60 * 1024 * 1024);
    const error = await failureOf(agent.run(createTestContext(), { n: 130 * 1024 * 1024 }));
    expect(error).toMatchObject({ code: 'resource_exhausted', details: { limit: 'guest_bytes' } });
    expect(await agent.run(createTestContext(), { n: 1024 })).toBe(1024);
  });

  it('leave room for files, threads and asyncio', async () => {
    const text = `AGENT = {"name": "a"}
import asyncio, concurrent.futures, sqlite3, tempfile, os
async def run(context):
    with tempfile.NamedTemporaryFile() as file:
        file.write(b"x" * 1_000_000)
        size = os.path.getsize(file.name)
    with sqlite3.connect("/tmp/data.db") as database:
        database.execute("create table t (n)")
    with concurrent.futures.ThreadPoolExecutor(16) as pool:
        squares = list(pool.map(lambda n: n * n, range(4)))
    return [size > 900_000, squares, await asyncio.to_thread(max, 1, 2), os.path.expanduser("~"), os.getcwd()]
`;
    expect(await call(text)).toEqual([true, [0, 1, 4, 9], 2, '/tmp', '/tmp']);
  });

  it('give each call an empty /tmp of the size that was set', async () => {
    const body = `found = os.listdir("/tmp")
try:
    open("/tmp/x", "wb").write(b"x" * (args["mib"] << 20))
    return [found, "fits"]
except OSError as error:
    return [found, os.strerror(error.errno)]`;
    const agent = await load(agentFile(body, 'import os'));
    expect(await agent.run(createTestContext(), { mib: 7 })).toEqual([[], 'fits']);
    expect(await agent.run(createTestContext(), { mib: 9 })).toEqual([[], 'No space left on device']);
    expect(await agent.run(createTestContext(), { mib: 1 })).toEqual([[], 'fits']);
  });
});
