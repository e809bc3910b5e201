// Python at another endpoint, beyond the shared suite: files of the wild, whole documents of memory, programs that never end.
import type { Runtime } from '@pypes/contract';
import { createPythonSandbox, findBubblewrap } from '@pypes/runtimes/python';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { createTestContext } from '../../../../runtimes/src/testing/context.ts';
import { createTestDocuments } from '../../../../runtimes/src/testing/memory.ts';
import { callOne, failureOf, loadOne } from './testing/call.ts';
import { startPair } from './testing/pair.ts';

const { works, reason } = (await findBubblewrap()) as { works: boolean; reason?: string };

const REMEMBERING = `
from agents.basic_agent import BasicAgent
from utils.azure_file_storage import AzureFileStorageManager


class RememberAgent(BasicAgent):
    def __init__(self):
        self.name = "Remember"
        self.metadata = {"name": self.name, "description": "Keeps facts", "parameters": {"type": "object", "properties": {}}}
        super().__init__(self.name, self.metadata)

    def perform(self, fact="", user_guid=None, **kwargs):
        storage = AzureFileStorageManager()
        storage.set_memory_context(user_guid)
        facts = storage.read_json() or {}
        facts[str(len(facts))] = fact
        storage.write_json(facts)
        return str(len(facts))
`;

const WRITING_A_PATH = `
import json, os

AGENT = {"name": "path"}


def run(context):
    path = os.environ["BRAINSTEM_MEMORY_PATH"]
    with open(path) as file:
        memory = json.load(file)
    memory["n"] = memory.get("n", 0) + 1
    with open(path, "w") as file:
        json.dump(memory, file)
    return memory["n"]
`;

const LOOP = 'AGENT = {"name": "loop"}\ndef run(context):\n    while True:\n        pass\n';

describe.skipIf(!works && process.env.CI === undefined)(
  `remote Python (bubblewrap: ${reason ?? 'is here'})`,
  async () => {
    let ended = 0;
    const sandbox = createPythonSandbox();
    const watched: Runtime = {
      ...sandbox,
      load: async (file, limits) =>
        (await sandbox.load(file, limits)).map((agent) => ({
          ...agent,
          run: (context, args) =>
            agent.run(context, args).finally(() => {
              ended += 1;
            }),
        })),
    };
    const pair = await startPair({ runtimes: [watched], languages: [{ name: 'python', extensions: ['.py'] }] });
    afterAll(() => pair.close());
    const [runtime] = pair.remote.runtimes;

    it('classes with storage managers keep what they keep here', async () => {
      const documents = createTestDocuments();
      const agent = await loadOne(runtime, 'remember_agent.py', REMEMBERING);
      for (const count of ['1', '2', '3']) {
        const { output, context } = await callOne(agent, { fact: 'x' }, { documents });
        expect(output).toBe(count);
        context.end();
      }
    });

    it('a memory that is a file is this call’s alone, and lies here', async () => {
      const documents = createTestDocuments();
      const agent = await loadOne(runtime, 'path_agent.py', WRITING_A_PATH);
      const counts = await Promise.all(
        Array.from({ length: 5 }, async () => {
          const { output, context } = await callOne(agent, {}, { documents, userGuid: 'ann' }).then((done) => {
            done.context.end();
            return done;
          });
          return [output, context.stopped];
        }),
      );
      expect(counts.map(([count]) => count).sort()).toEqual([1, 2, 3, 4, 5]);
    });

    it('an endless loop ends there when the caller gives up', async () => {
      const agent = await loadOne(runtime, 'loop_agent.py', LOOP);
      const context = createTestContext();
      const before = ended;
      const failure = failureOf(agent.run(context, {}));
      setTimeout(() => context.abort(), 300);
      expect(await failure).toMatchObject({ code: 'canceled' });
      await vi.waitFor(() => expect(ended).toBe(before + 1), { timeout: 20_000 });
    });

    it('one that the caller forgets ends at its limits', async () => {
      const agent = await loadOne(runtime, 'loop_agent.py', LOOP, { callMs: 500 });
      expect(await failureOf(callOne(agent))).toMatchObject({ code: 'timeout', details: { limit: 'call_ms' } });
      const short = await loadOne(runtime, 'loop_agent.py', LOOP, { cpuMs: 300 });
      expect(await failureOf(callOne(short))).toMatchObject({
        code: 'resource_exhausted',
        details: { limit: 'cpu_ms' },
      });
    });
  },
);
