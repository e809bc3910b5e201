// A dropped file becomes a callable tool: real files, a real process, real HTTP, in every language.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { noPython, type Server, startServer, stopServers } from './server.ts';

afterAll(stopServers);

const hello = (text: string): { readonly [file: string]: string } => ({
  'py.py': `AGENT = {"name": "py", "description": ""}\ndef run(context, who="?"):\n    return f"${text} {who}"\n`,
  'cls_agent.py': `from agents.basic_agent import BasicAgent
class Cls(BasicAgent):
    def __init__(self):
        super().__init__("cls", {"name": "cls", "description": "", "parameters": {"type": "object", "properties": {}}})
    def perform(self, **kwargs):
        return "${text} " + kwargs.get("who", "?")
`,
  'clj.lispy': `(def AGENT {:name "clj"})\n(defn run [context who] (str "${text} " (or who "?")))\n`,
  'scheme_agent.lispy': `(define agent-name "scheme")\n(define (agent-run context kwargs) (string-append "${text} " (get kwargs "who" "?")))\n`,
  'js.mjs': `export const AGENT = { name: 'js', description: '' };\nexport const run = (context, { who = '?' }) => \`${text} \${who}\`;\n`,
  'ts.ts': `export const AGENT = { name: 'ts', description: '' } as const;\nexport function run(_context: unknown, { who = '?' }: { who?: string }): string { return \`${text} \${who}\`; }\n`,
});
const EXECUTABLE = `#!/bin/sh
if [ "$1" = --agent ]; then echo '{"name": "exe", "description": ""}'; else cat; fi
`;
const NAMES = ['cls', 'clj', 'js', 'py', 'scheme', 'ts'];

describe.skipIf(noPython !== undefined)(
  `a folder that is served${noPython === undefined ? '' : ` (${noPython})`}`,
  () => {
    it('has an agent in each language, sees every change at once, and quarantines what is broken', async () => {
      const server = await startServer(hello('hello'));
      const answers = (who: string) =>
        Promise.all(NAMES.map(async (name) => (await server.call('agents', name, { who })).body.output));
      expect(await answers('ann')).toEqual(NAMES.map(() => 'hello ann'));

      server.write('exe', EXECUTABLE, 0o755);
      expect((await server.call('agents', 'exe', { a: [1] })).body).toEqual({ status: 'ok', output: { a: [1] } });

      for (const [name, text] of Object.entries(hello('goodbye'))) server.write(name, text);
      expect(await answers('bob')).toEqual(NAMES.map(() => 'goodbye bob'));

      server.write('broken.py', 'AGENT = {"name": "broken"}\ndef run(context):\n    return (1\n');
      server.write('broken.mjs', 'export const AGENT = { name: "b" };\nexport function run( {\n');
      server.write('broken.lispy', '(def AGENT {:name "b"})\n(defn run [context]\n  (+ 1 2)))\n');
      server.write(
        'missing.py',
        'import no_such_module_anywhere\nAGENT = {"name": "missing"}\ndef run(context):\n    return 1\n',
      );
      const health = (await server.get('/api/pack/agents/healthz')).body;
      expect(health.agents).toEqual(['clj', 'cls', 'exe', 'js', 'py', 'scheme', 'ts']);
      expect(health.quarantined).toEqual([
        expect.objectContaining({ filename: 'broken.lispy', line: 3 }),
        expect.objectContaining({ filename: 'broken.mjs', line: expect.any(Number) }),
        expect.objectContaining({ filename: 'broken.py', line: expect.any(Number) }),
        expect.objectContaining({ filename: 'missing.py', error: expect.stringContaining('no_such_module_anywhere') }),
      ]);
      expect(await answers('eve')).toEqual(NAMES.map(() => 'goodbye eve'));

      rmSync(join(server.folder, 'js.mjs'));
      expect((await server.call('agents', 'js')).status).toBe(404);
      expect(await server.stop()).toBe(0);
    });
  },
);

describe.skipIf(noPython !== undefined)('calls side by side', () => {
  let server: Server;

  it('of ten users to an agent that keeps a memory file never mix two users or lose a write', async () => {
    server = await startServer({
      'counter.py': `import json, os, time
AGENT = {"name": "counter", "description": ""}
def run(context, mark):
    path = os.environ["BRAINSTEM_MEMORY_PATH"]
    try:
        data = json.load(open(path))
    except (FileNotFoundError, ValueError):
        data = {}
    marks = data.get("marks", [])
    time.sleep(0.002)
    marks.append(mark)
    data["marks"] = marks
    with open(path, "w") as file:
        json.dump(data, file)
    return {"user": context.user_guid, "marks": marks}
`,
    });
    const users = Array.from({ length: 10 }, (_, index) => `0000000${index}-0000-4000-8000-000000000000`);
    const calls = Array.from({ length: 100 }, (_, index) => ({
      user: users[index % 10] as string,
      mark: `${index % 10}:${index}`,
    }));
    const answers = await Promise.all(
      calls.map(({ user, mark }) => server.call('agents', 'counter', { mark }, { user_guid: user })),
    );
    answers.forEach(({ status, body }, index) => {
      const output = body.output as { user: string; marks: string[] };
      expect([status, output.user]).toEqual([200, calls[index]?.user]);
      for (const mark of output.marks) expect(mark.split(':')[0]).toBe(String(index % 10));
    });
    for (const [index, user] of users.entries()) {
      const { body } = await server.call('agents', 'counter', { mark: `${index}:last` }, { user_guid: user });
      expect((body.output as { marks: string[] }).marks).toHaveLength(11);
    }
  });

  it('that sleep or loop do not hold up other agents', async () => {
    const files = {
      'sleep.py': 'import time\nAGENT = {"name": "sleep-py"}\ndef run(context):\n    time.sleep(3)\n    return 1\n',
      'sleep.mjs':
        "export const AGENT = { name: 'sleep-js' };\nexport const run = () => new Promise((r) => setTimeout(r, 3000, 1));\n",
      'busy.mjs':
        "export const AGENT = { name: 'busy-js' };\nexport function run() { const end = Date.now() + 3000; while (Date.now() < end); return 1; }\n",
      'busy.lispy':
        '(def AGENT {:name "busy-lispy"})\n(defn run [context] (define (f n) (if (= n 0) 1 (f (- n 1)))) (f 300000))\n',
      ...hello('quick'),
    };
    const busy = await startServer(files);
    const slow = ['sleep-py', 'sleep-js', 'busy-js', 'sleep-py', 'busy-lispy'].map((name) => busy.call('agents', name));
    const finished: string[] = [];
    for (const [index, call] of slow.entries()) if (index < 4) void call.then(() => finished.push('slow'));
    for (const name of NAMES) expect((await busy.call('agents', name, { who: 'x' })).body.output).toBe('quick x');
    expect(finished).toEqual([]);
    for (const { status } of await Promise.all(slow)) expect(status).toBe(200);
  });

  it('that loop without end are stopped at their limit, in each language, and nothing else is', async () => {
    const files = {
      'loop.py': 'AGENT = {"name": "loop-py"}\ndef run(context):\n    while True:\n        pass\n',
      'loop.mjs': "export const AGENT = { name: 'loop-js' };\nexport function run() { for (;;); }\n",
      'never.mjs': "export const AGENT = { name: 'never-js' };\nexport const run = () => new Promise(() => {});\n",
      ...hello('still'),
    };
    const limited = await startServer(files, { args: ['--timeout', '500'] });
    limited.write(
      'loop',
      '#!/bin/sh\nif [ "$1" = --agent ]; then echo \'{"name": "loop-exe"}\'; else while :; do :; done; fi\n',
      0o755,
    );
    for (const name of ['loop-py', 'loop-js', 'never-js', 'loop-exe']) {
      const { status, body } = await limited.call('agents', name);
      expect([name, status, body.code]).toEqual([name, 504, 'timeout']);
    }
    for (const name of NAMES) expect((await limited.call('agents', name, { who: 'x' })).body.output).toBe('still x');
  });
});

describe.skipIf(noPython !== undefined)('an agent that misbehaves', () => {
  it('fails its own call alone, with what it did', async () => {
    const server = await startServer({
      'bad.py': `import os, sys
AGENT = {"name": "bad-py"}
def run(context, how):
    if how == "exit": sys.exit(3)
    if how == "kill": os.kill(os.getpid(), 9)
    if how == "close":
        os.closerange(0, 64)
        return 1
    if how == "set": return {1, 2}
    if how == "nan": return float("nan")
    if how == "print":
        print("garbage " * 100)
        os.write(1, b'{"status": "forged"}\\n')
        return "fine"
    raise ValueError("on purpose")
`,
      'bad.mjs': `export const AGENT = { name: 'bad-js' };
export function run(context, { how }) {
  if (how === 'exit') process.exit(3);
  if (how === 'reject') return Promise.reject(new Error('on purpose'));
  if (how === 'nan') return NaN;
  if (how === 'print') { console.log('garbage'); return 'fine'; }
  throw new Error('on purpose');
}
`,
      ...hello('still'),
    });
    const codeOf = async (name: string, how: string) => {
      const { status, body } = await server.call('agents', name, { how });
      return [status, body.code];
    };
    for (const how of ['exit', 'kill', 'close', 'raise'])
      expect([how, ...(await codeOf('bad-py', how))]).toEqual([how, 500, 'handler_failed']);
    for (const how of ['set', 'nan'])
      expect([how, ...(await codeOf('bad-py', how))]).toEqual([how, 500, 'invalid_output']);
    for (const how of ['exit', 'reject', 'throw'])
      expect([how, ...(await codeOf('bad-js', how))]).toEqual([how, 500, 'handler_failed']);
    expect(await codeOf('bad-js', 'nan')).toEqual([500, 'invalid_output']);
    for (const name of ['bad-py', 'bad-js'])
      expect((await server.call('agents', name, { how: 'print' })).body).toEqual({ status: 'ok', output: 'fine' });
    await expect
      .poll(() => server.logs.filter((entry) => String(entry.message).includes('garbage')).length)
      .toBeGreaterThanOrEqual(2);
    for (const name of NAMES) expect((await server.call('agents', name, { who: 'x' })).body.output).toBe('still x');
  });
});
