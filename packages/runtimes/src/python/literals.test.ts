// Metadata is read without running the file wherever its form allows, and is then what running it would give.
import { expect, it } from 'vitest';
import { describePython, failureOf, usePython } from './testing.ts';

/** Ends the process of whoever runs the file. */
const BOMB = 'import os\nif __name__ != "__main__":\n    os._exit(1)\n';
const RUN = 'def run(context, **args): return args\n';
const PERFORM = '    def perform(self, **kwargs): return ""\n';

const READABLE: readonly [what: string, text: string][] = [
  ['a literal', 'AGENT = {"name": "a", "description": "b"}\n'],
  ['an annotated literal', 'AGENT: dict = {"name": "a", "description": "b"}\n'],
  ['dict()', 'AGENT = dict(name="a", description="b")\n'],
  ['constants', 'NAME = "a"\nTEXT = ("b")\nAGENT = {"name": NAME, "description": TEXT}\n'],
  ['joined texts', 'AGENT = {"name": "a", "description": "" "b" + ""}\n'],
  ['a text with names in it', 'B = "b"\nAGENT = {"name": "a", "description": f"{B}"}\n'],
  ['an unpacked dict', 'BASE = {"description": "b"}\nAGENT = {"name": "a", **BASE}\n'],
  ['a stripped text', 'AGENT = {"name": "a", "description": """\n  b """.strip()}\n'],
  [
    'a main block after it',
    'AGENT = {"name": "a", "description": "b"}\nif __name__ == "__main__":\n    print(AGENT)\n',
  ],
];

const READABLE_CLASSES: readonly [what: string, body: string][] = [
  ['attributes of the class', '    name = "a"\n    metadata = {"description": "b"}\n'],
  [
    'attributes in __init__',
    '    def __init__(self):\n        self.name = "a"\n        self.metadata = {"name": self.name, "description": "b"}\n        super().__init__(self.name, self.metadata)\n',
  ],
  [
    'local variables',
    '    def __init__(self):\n        meta = {"description": "b"}\n        super().__init__(name="a", metadata=meta)\n',
  ],
  [
    'other work in between',
    '    def __init__(self):\n        self.store = os.getcwd()\n        for x in range(3):\n            self.x = x\n        self.name = "a"\n        self.metadata = {"description": "b"}\n',
  ],
  ['a default argument', '    def __init__(self, name="a"):\n        super().__init__(name, {"description": "b"})\n'],
];

const COMPUTED: readonly [what: string, text: string][] = [
  ['a changed dict', `AGENT = {"name": "x"}\nAGENT["name"] = "a"\nAGENT.update(description="b")\n${RUN}`],
  ['a computed name', `AGENT = {"name": "A".lower(), "description": "b"}\n${RUN}`],
  ['a name bound twice', `N = "x"\nN = "a"\nAGENT = {"name": N, "description": "b"}\n${RUN}`],
  [
    'a function that binds it',
    `AGENT = {}\ndef make():\n    global AGENT\n    AGENT = {"name": "a", "description": "b"}\nmake()\n${RUN}`,
  ],
  ['a loop', `AGENT = {"name": "a"}\nfor k in ["description"]:\n    AGENT[k] = "b"\n${RUN}`],
  [
    'a class made by code',
    'def perform(self, **kw): return ""\nMyAgent = type("MyAgent", (), {"perform": perform, "name": "a", "metadata": {"description": "b"}, "__module__": __name__})\n',
  ],
  [
    'a property',
    `class A:\n    metadata = {"description": "b"}\n    @property\n    def name(self): return "a"\n${PERFORM}`,
  ],
  [
    'a method that sets it',
    `class A:\n    def __init__(self):\n        self.setup()\n    def setup(self):\n        self.name = "a"\n        self.metadata = {"description": "b"}\n${PERFORM}`,
  ],
  [
    'a branch in __init__',
    `class A:\n    def __init__(self):\n        if True:\n            self.name = "a"\n            self.metadata = {"description": "b"}\n${PERFORM}`,
  ],
  [
    'an inherited initializer',
    `class _Base:\n    def __init__(self):\n        self.name = "a"\n        self.metadata = {"description": "b"}\nclass Mine(_Base):\n${PERFORM}`,
  ],
];

describePython('reading metadata', () => {
  const python = usePython();

  it.each(READABLE)('reads %s', async (_what, text) => {
    const { metadata } = await python.load(BOMB + text + RUN);
    expect(metadata).toMatchObject({ name: 'a', description: 'b' });
  });

  it.each(READABLE_CLASSES)('reads a class with %s', async (_what, body) => {
    const { metadata } = await python.load(
      `${BOMB}from basic_agent import BasicAgent\nclass Some(BasicAgent):\n${body}${PERFORM}`,
    );
    expect(metadata).toMatchObject({ name: 'a', description: 'b' });
  });

  it.each(COMPUTED)('runs the file for %s', async (_what, text) => {
    const { metadata } = await python.load(text);
    expect(metadata).toMatchObject({ name: 'a', description: 'b' });
  });

  it('does not run a file that has no agent', async () => {
    const error = await failureOf(python.loadAll(`${BOMB}def helper(): pass\n`));
    expect(error.message).toMatch(/no agent/);
  });

  it('stops a file that loads without end, at the time limit of a call', async () => {
    const text = `while True:\n    pass\nAGENT = dict(name=str(1))\n${RUN}`;
    const error = await failureOf(python.loadAll(`${text}AGENT["x"] = 1\n`, {}, { callMs: 300 }));
    expect(error).toMatchObject({ code: 'agent_broken', details: { file: 'test_agent.py' } });
  });

  it('reads many files at once, the broken among them', async () => {
    const outcomes = await Promise.all(
      Array.from({ length: 300 }, (_, n) =>
        python.load(n % 10 === 3 ? 'def :' : `AGENT = {"name": "a${n}"}\n${RUN}`).then(
          (agent) => agent.metadata.name,
          () => 'broken',
        ),
      ),
    );
    expect(outcomes).toEqual(Array.from({ length: 300 }, (_, n) => (n % 10 === 3 ? 'broken' : `a${n}`)));
  });
});
