// The memory file and the storage managers of real agents, where nothing can be written but /tmp.
import { expect, it } from 'vitest';
import { createTestContext } from '../../testing/context.ts';
import { agentFile } from '../testing.ts';
import { describeSandbox, useSandbox } from './testing.ts';

const FILE = `path = os.environ["BRAINSTEM_MEMORY_PATH"]
data = json.load(open(path))
data["n"] = data.get("n", 0) + 1
json.dump(data, open(path, "w"))
return [data["n"], os.listdir(os.path.dirname(path)) == [os.path.basename(path)]]`;
const MANAGER = `s = AzureFileStorageManager()
s.set_memory_context(context.user_guid)
s.write_json({"n": s.read_json().get("n", 0) + 1})
return s.read_json()["n"]`;

describeSandbox('memory', () => {
  const { load } = useSandbox();

  it.each([
    [
      FILE,
      'import json, os',
      [
        [1, true],
        [2, true],
      ],
    ],
    [MANAGER, 'from utils.azure_file_storage import AzureFileStorageManager', [1, 2]],
  ])('lands in the document of the user: %#', async (body, head, expected) => {
    const agent = await load(agentFile(body, head));
    const first = createTestContext({ userGuid: 'ann' });
    const answers = [await agent.run(first, {})];
    first.end();
    const { document } = await first.memory.checkout();
    expect(document).toEqual({ n: 1 });
    answers.push(await agent.run(first, {}));
    expect(answers).toEqual(expected);
  });
});
