// What `context` offers in Python, and what it says where something is refused.
import { type Json, PypesError } from '@pypes/contract';
import { expect, it } from 'vitest';
import { createTestContext } from '../testing/context.ts';
import { agentFile, callAgent, describePython, failureOf, usePython } from './testing.ts';

const USER = '1b4e28ba-2fa1-41d2-883f-0016d3cca427';

describePython('context', () => {
  const python = usePython();

  it('says who and where', async () => {
    const body = 'return [context.agent, context.pack_guid, context.user_guid, context.run_id]';
    const { value } = await python.call(
      agentFile(body),
      {},
      { agent: 'me', packGuid: 'pack', userGuid: USER, runId: 'r1' },
    );
    expect(value).toEqual(['me', 'pack', USER, 'r1']);
    expect((await python.call(agentFile('return context.user_guid'))).value).toBe(null);
  });

  it('logs and reports progress in order', async () => {
    const body =
      'print("one")\ncontext.log("error", "two", {"n": 1})\ncontext.log("warning", 3)\ncontext.progress(0.5)\ncontext.progress(1, "done")';
    const { context } = await python.call(agentFile(body));
    expect(context.logs).toEqual([
      { level: 'info', message: 'one' },
      { level: 'error', message: 'two', data: { n: 1 } },
      { level: 'warn', message: '3' },
    ]);
    expect(context.progresses).toEqual([{ fraction: 0.5 }, { fraction: 1, message: 'done' }]);
  });

  it('keeps memory', async () => {
    const body = `m = context.memory
m.set("b", {"x": [1]})
m.set("a", None)
return [m.get("b"), m.get("a", 7), m.get("none"), m.get("none", 5), m.list(), m.list("b"), m.delete("b"), m.delete("b")]`;
    const { value } = await python.call(agentFile(body));
    expect(value).toEqual([{ x: [1] }, 7, null, 5, ['a', 'b'], ['b'], true, false]);
  });

  it.each([
    'context.memory.set("k", {1})',
    'context.progress("half")',
    'context.log("info", "m", object())',
    'context.call("a", {"x": b""})',
  ])('refuses %s with a TypeError', async (line) => {
    expect((await failureOf(python.call(agentFile(line)))).message).toMatch(/^TypeError/);
  });

  it('says what is not granted', async () => {
    const refused = await failureOf(python.call(agentFile('context.vault.get("x")')));
    expect(refused.message).toMatch(/AgentError: .*not granted vault\.get/);
    const unknown = await failureOf(python.call(agentFile('context.volt.get("x")')));
    expect(unknown.message).toMatch(/AttributeError: context\.volt is not there.*vault/);
  });

  it('calls other agents and catches their errors', async () => {
    const body = `from pypes import AgentError
try:
    context.call("denied")
except AgentError as error:
    return [error.code, str(error), error.details, context.call("echo", {"n": 2})]`;
    const onCall = (agent: string, args: Json) => {
      if (agent === 'echo') return { echoed: args };
      throw new PypesError('policy_denied', 'Not today', { details: { policy: 'x' } });
    };
    const { value } = await python.call(agentFile(body), {}, { onCall });
    expect(value).toEqual(['policy_denied', 'Not today', { policy: 'x' }, { echoed: { n: 2 } }]);
  });

  it('works from a coroutine and from threads that are waited for', async () => {
    const text = `AGENT = {"name": "a"}
import asyncio, threading
async def run(context):
    def work(n):
        context.memory.set(f"k{n}", n)
    threads = [threading.Thread(target=work, args=(n,)) for n in range(8)]
    for thread in threads: thread.start()
    await asyncio.to_thread(work, 8)
    for thread in threads: thread.join()
    return len(context.memory.list("k"))
`;
    expect((await python.call(text)).value).toBe(9);
  });

  it('is of no use to a thread once the call is over', async () => {
    const text = `AGENT = {"name": "a"}
import threading, time
def run(context):
    def late():
        time.sleep(0.05)
        context.memory.set("late", 1)
    threading.Thread(target=late).start()
    return 1
`;
    const context = createTestContext();
    const agent = await python.load(text);
    expect((await callAgent(agent, {}, context)).value).toBe(1);
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect(await context.memory.list()).toEqual([]);
  });

  it('nests calls of Python agents without waiting for itself', async () => {
    const nested = usePythonNest();
    expect(await nested(6)).toBe(6);
  });

  function usePythonNest() {
    const text = agentFile('n = args["n"]\nreturn 0 if n == 0 else 1 + context.call("self", {"n": n - 1})');
    return async (depth: number) => {
      const agent = await python.load(text);
      const context = createTestContext({ onCall: (_agent, args, inner) => agent.run(inner, args) });
      return agent.run(context, { n: depth });
    };
  }
});
