// BRAINSTEM_MEMORY_PATH and the storage managers: both are the memory document of the call in progress.
import { expect, it } from 'vitest';
import { createTestContext } from '../testing/context.ts';
import { createTestDocuments } from '../testing/memory.ts';
import { agentFile, callAgent, describePython, failureOf, usePython } from './testing.ts';

const ANN = '1b4e28ba-2fa1-41d2-883f-0016d3cca427';
const BOB = '2b4e28ba-2fa1-41d2-883f-0016d3cca427';
const COUNT = `path = os.environ["BRAINSTEM_MEMORY_PATH"]
with open(path) as file:
    data = json.load(file)
data["n"] = data.get("n", 0) + 1
with open(path, "w") as file:
    json.dump(data, file)
`;
const HIDDEN = 'NAME = "BRAINSTEM_" + "MEMORY_PATH"\n';
const HEAD = 'import json, os, subprocess, stat\n';
const MANAGERS = [
  'from utils.azure_file_storage import AzureFileStorageManager as Make',
  'from utils.storage_factory import get_storage_manager as Make',
  'from utils.dynamics_storage import DynamicsStorageManager as Make',
];

describePython('memory', () => {
  const python = usePython();

  async function documentAfter(body: string, before: object = {}, head = HEAD) {
    const context = createTestContext();
    for (const [key, value] of Object.entries(before)) await context.memory.set(key, value);
    const outcome = await callAgent(await python.load(agentFile(body, head)), {}, context).catch(
      (error: unknown) => error,
    );
    const { document } = await context.memory.checkout();
    return { document, outcome, logs: context.logs };
  }

  it('stores what the agent writes into the file', async () => {
    expect((await documentAfter(COUNT, { n: 4, other: 1 })).document).toEqual({ n: 5, other: 1 });
  });

  it('stores it when the agent raises, too', async () => {
    expect((await documentAfter(`${COUNT}raise ValueError("late")`, { n: 1 })).document).toEqual({ n: 2 });
  });

  it('is found by a subprocess, by an atomic replacement, and kept private', async () => {
    const body = `${COUNT}mode = stat.S_IMODE(os.stat(path).st_mode) | stat.S_IMODE(os.stat(os.path.dirname(path)).st_mode)
subprocess.run(["sh", "-c", 'echo "{\\\\"sub\\\\": 1}" > "$BRAINSTEM_MEMORY_PATH.new"; mv "$BRAINSTEM_MEMORY_PATH.new" "$BRAINSTEM_MEMORY_PATH"'])
return oct(mode)`;
    const { document, outcome } = await documentAfter(body);
    expect(outcome).toMatchObject({ value: '0o700' });
    expect(document).toEqual({ sub: 1 });
  });

  it.each([
    'os.environ[NAME]',
    'os.environ.get(NAME)',
    'os.getenv(NAME)',
    'os.environ.copy()[NAME]',
    'dict(os.environ)[NAME]',
    'dict(os.environ.items())[NAME]',
    '(NAME in os.environ) and os.environ[NAME]',
    'os.environb[NAME.encode()].decode()',
    'subprocess.run(["sh", "-c", "echo $" + NAME], env={**os.environ}, capture_output=True, text=True).stdout.strip()',
  ])('appears when the agent looks for it by %s', async (expression) => {
    const body = `path = ${expression}\ndata = json.load(open(path))\njson.dump({"seen": data["x"]}, open(path, "w"))`;
    const { document, outcome } = await documentAfter(body, { x: 5 }, HEAD + HIDDEN);
    expect(outcome).toMatchObject({ value: null });
    expect(document).toEqual({ seen: 5 });
  });

  it('is there for a path that was read while the file was loaded', async () => {
    const head = `${HEAD}${HIDDEN}PATH = os.environ.get(NAME)`;
    const agent = await python.load(agentFile('return json.load(open(PATH))', head));
    for (const n of [1, 2]) {
      const context = createTestContext();
      await context.memory.set('n', n);
      expect((await callAgent(agent, {}, context)).value).toEqual({ n });
    }
  });

  it.each(['not json', '[1]', '{"n": NaN}'])('does not store %s, and says so', async (text) => {
    const { document, logs } = await documentAfter(`open(os.environ["BRAINSTEM_MEMORY_PATH"], "w").write('${text}')`, {
      n: 1,
    });
    expect(document).toEqual({ n: 1 });
    expect(logs).toMatchObject([{ level: 'warn' }]);
  });

  it('takes nothing out where nobody looks', async () => {
    const context = createTestContext();
    const documents = createTestDocuments();
    const holder = createTestContext({ documents });
    await holder.memory.checkout();
    const free = createTestContext({ documents, runId: context.runId });
    expect(
      (await callAgent(await python.load(agentFile('return os.environ.get("HOME") is not None', HEAD)), {}, free))
        .value,
    ).toBe(true);
  });

  it('loses no update and leaks nothing between 100 calls of 10 users at once', async () => {
    const agent = await python.load(
      agentFile(`${COUNT}data["who"] = context.user_guid\njson.dump(data, open(path, "w"))\nreturn data["who"]`, HEAD),
    );
    const documents = createTestDocuments();
    const users = Array.from({ length: 100 }, (_, n) => ANN.replace('1b4e', `1b4${n % 10}`));
    const answers = await Promise.all(
      users.map(async (userGuid) => (await callAgent(agent, {}, createTestContext({ documents, userGuid }))).value),
    );
    expect(answers).toEqual(users);
    for (const userGuid of new Set(users)) {
      const { document } = await createTestContext({ documents, userGuid }).memory.checkout();
      expect(document).toEqual({ n: 10, who: userGuid });
    }
  });

  it.each(MANAGERS)('lands in the document: %s', async (line) => {
    const body = `s = Make()
s.set_memory_context(None)
s.write_json({**s.read_json(), "a": 1})
s.write_file("notes", "x.txt", "text")
s.write_file("notes", "y.bin", b"\\x00\\xff")
s.write_file("", "top.txt", "t")
return [s.read_json(), s.read_file("notes", "x.txt"), s.read_file("notes", "y.bin") == b"\\x00\\xff", s.read_file("no", "file"),
        s.list_files("notes"), s.file_exists("notes", "x.txt"), s.delete_file("notes", "x.txt"), s.delete_file("notes", "x.txt"),
        s.file_exists("notes", "x.txt"), context.memory.list()]`;
    const { document, outcome } = await documentAfter(body, { old: true }, line);
    expect(outcome).toMatchObject({
      value: [{ old: true, a: 1 }, 'text', true, null, ['x.txt', 'y.bin'], true, true, false, false, ['a', 'old']],
    });
    expect(document).toEqual({ old: true, a: 1, $files: { 'notes/y.bin': { base64: 'AP8=' }, 'top.txt': 't' } });
  });

  it('shows a storage manager and the file the same data, and the file none of the files', async () => {
    const body = `s = Make()
s.write_file("d", "f", "x")
s.write_json({"by": "manager"})
path = os.environ["BRAINSTEM_MEMORY_PATH"]
first = json.load(open(path))
json.dump({"by": "file"}, open(path, "w"))
return [first, s.read_json()]`;
    const { document, outcome } = await documentAfter(body, {}, `${HEAD}${MANAGERS[0]}`);
    expect(outcome).toMatchObject({ value: [{ by: 'manager' }, { by: 'file' }] });
    expect(document).toEqual({ by: 'file', $files: { 'd/f': 'x' } });
  });

  it.each<[string, string | undefined, boolean]>([
    ['None', ANN, true],
    [`"${ANN.toUpperCase()}"`, ANN, true],
    ['"c0p110t0-aaaa-bbbb-cccc-123456789abc"', ANN, true],
    ['"anything"', undefined, true],
    [`"${BOB}"`, ANN, false],
    [`"${BOB}"`, undefined, false],
  ])('set_memory_context(%s) of %s is open: %s', async (guid, userGuid, isOpen) => {
    const text = agentFile(`return Make().set_memory_context(${guid})`, MANAGERS[0]);
    const call = python.call(text, {}, userGuid === undefined ? {} : { userGuid });
    if (isOpen) expect((await call).value).toBe(true);
    else expect((await failureOf(call)).message).toMatch(/^PermissionError: .*set_memory_context\(None\)/);
  });

  it('has no memory while a file is loaded', async () => {
    const error = await failureOf(python.call(agentFile('return 1', `${MANAGERS[0]}\nX = Make().read_json()`)));
    expect(error).toMatchObject({ code: 'agent_broken', message: expect.stringMatching(/belongs to a call/) });
  });
});
