// Files in the shapes that real ones have (spec 1), each with the agents it holds.
import type { AgentFile } from './agents.ts';

const greet = (imported: string, base: string) => `from ${imported} import ${base}

class GreetAgent(${base}):
    def __init__(self):
        self.name = "Greet"
        self.metadata = {"name": self.name, "description": "Greets", "parameters": {"type": "object", "properties": {"who": {"type": "string"}}, "required": ["who"]}}
        super().__init__(self.name, self.metadata)

    def perform(self, **kwargs):
        return "Hello " + kwargs["who"]
`;

export const SHAPES = {
  /** `Greet` of `who`, as a class, by each spelling of where its base class comes from. */
  pythonClass: { filename: 'greet_agent.py', source: greet('agents.basic_agent', 'BasicAgent') },
  pythonClassPlain: { filename: 'greet_agent.py', source: greet('basic_agent', 'BasicAgent') },
  pythonClassOther: { filename: 'greet_agent.py', source: greet('openrappter.agents.basic_agent', 'BasicAgent') },
  /** `One` and `Two`, in one file; `BasicAgent.__init__` called by keyword and with nothing; a dict and a coroutine. */
  pythonClasses: {
    filename: 'several_agent.py',
    source: `from agents.basic_agent import BasicAgent

class First(BasicAgent):
    def __init__(self):
        super().__init__(name="One", metadata={"name": "One", "description": "The first", "parameters": {"type": "object", "properties": {}}})

    def perform(self, **kwargs):
        return {"n": 1}

class Second(BasicAgent):
    def __init__(self):
        self.name = "Two"
        self.metadata = {"name": "Two", "description": "The second", "parameters": {"type": "object", "properties": {}}}
        super().__init__()

    async def perform(self, **kwargs):
        return "2"

class _Hidden(BasicAgent):
    def perform(self, **kwargs):
        return "hidden"
`,
  },
  /** `slow_sum` of `a` and `b`, b being 2 where it is not given, as a coroutine. */
  pythonAsync: {
    filename: 'slow_sum_agent.py',
    source: `import asyncio
AGENT = {"name": "slow_sum"}
async def run(context, a, b=2):
    await asyncio.sleep(0)
    return a + b
`,
  },
  /** `Keep` writes `value` where it is given, and gives what is kept, over the storage manager that files import. */
  pythonStorage: {
    filename: 'keep_agent.py',
    source: `from agents.basic_agent import BasicAgent
from utils.azure_file_storage import AzureFileStorageManager

class KeepAgent(BasicAgent):
    def __init__(self):
        self.name = "Keep"
        self.metadata = {"name": self.name, "description": "Keeps", "parameters": {"type": "object", "properties": {"value": {"type": "string"}, "user_guid": {"type": "string"}}}}
        super().__init__(self.name, self.metadata)

    def perform(self, **kwargs):
        storage = AzureFileStorageManager()
        storage.set_memory_context(kwargs.get("user_guid"))
        data = storage.read_json() or {}
        if "value" in kwargs:
            data["kept"] = kwargs["value"]
            storage.write_json(data)
        return data.get("kept", "nothing")
`,
  },
  /** `Note` writes `value` where it is given, and gives what is kept, over the file that the environment names. */
  pythonMemoryPath: {
    filename: 'note_agent.py',
    source: `import json
import os

AGENT = {"name": "Note"}

def run(context, value=None):
    path = os.environ["BRAINSTEM_MEMORY_PATH"]
    try:
        with open(path) as file:
            data = json.load(file)
    except (OSError, ValueError):
        data = {}
    if value is not None:
        data["note"] = value
        with open(path, "w") as file:
            json.dump(data, file)
    return data.get("note", "nothing")
`,
  },
  pythonMissingModule: {
    filename: 'missing_agent.py',
    source: `import nobody_wrote_this_module
AGENT = {"name": "missing"}
def run(context):
    return 1
`,
  },
  /** `typed` doubles `n`, in TypeScript that needs more than the removal of annotations in one place. */
  typescript: {
    filename: 'typed.ts',
    source: `interface Input { readonly n: number }
type Output = { doubled: number };
export const AGENT = { name: 'typed', parameters: { type: 'object', properties: { n: { type: 'number' } }, required: ['n'] } } as const;
export async function run(_context: unknown, { n }: Input): Promise<Output> {
  return { doubled: (n as number) * 2 };
}
`,
  },
  /** `plain` gives `{async: true}`, as a `.js` file. */
  javascriptJs: {
    filename: 'plain.js',
    source: `export const AGENT = { name: 'plain' };
export async function run() {
  await Promise.resolve();
  return { async: true };
}
`,
  },
  /** `greet` of `who`, as most published files have it. */
  lispyScheme: {
    filename: 'greet_agent.lispy',
    source: `(define agent-name "greet")
(define agent-description "Greets")
(define agent-parameters (make-dict "who" "whom to greet"))
(define (agent-run context kwargs) (string-append "Hello " (get kwargs "who")))
`,
  },
  /** `noted`, by the name of its file and of its function; it gives nil. */
  lispySchemeDefaults: {
    filename: 'noted_agent.lispy',
    source: `(define agent-description "Notes nothing")
(define (noted-run context kwargs) nil)
`,
  },
  /** `older` gives 7, as a `.lisp` file. */
  lispyLisp: {
    filename: 'older.lisp',
    source: `(def AGENT {:name "older"})
(defn run [context] 7)
`,
  },
} as const satisfies { readonly [name: string]: AgentFile };
