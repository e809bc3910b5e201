// The suite's agents in Python.
import type { AgentName } from './agents.ts';

export const PYTHON: { readonly [name in AgentName]: string } = {
  echo: `AGENT = {"name": "echo", "description": "Gives back what it gets"}
def run(context, value=None):
    return value
`,
  add: `AGENT = {"name": "add", "parameters": {"type": "object", "properties": {"a": {"type": "number"}, "b": {"type": "number"}}, "required": ["a", "b"], "additionalProperties": False}, "returns": {"type": "number"}}
def run(context, a, b):
    return a + b
`,
  fail: `AGENT = {"name": "fail"}
def run(context):
    raise ValueError("broken on purpose")
`,
  remember: `AGENT = {"name": "remember"}
def run(context, key, value):
    context.memory.set(key, value)
    return None
`,
  recall: `AGENT = {"name": "recall"}
def run(context, key):
    return context.memory.get(key)
`,
  count: `AGENT = {"name": "count"}
def run(context):
    n = (context.memory.get("n") or 0) + 1
    context.memory.set("n", n)
    return n
`,
  whoami: `AGENT = {"name": "whoami"}
def run(context):
    return {"user": context.user_guid, "pack": context.pack_guid, "agent": context.agent}
`,
  say: `AGENT = {"name": "say"}
def run(context):
    print("printed")
    context.log("info", "logged", {"n": 1})
    context.progress(0.5, "half")
    return "said"
`,
  lie: `AGENT = {"name": "lie", "returns": {"type": "number"}}
def run(context):
    return "no number"
`,
  spin: `AGENT = {"name": "spin"}
def run(context):
    while True:
        pass
`,
  swell: `AGENT = {"name": "swell"}
def run(context):
    kept = []
    while True:
        kept.append(bytearray(16 * 1024 * 1024))
        kept[-1][::4096] = b"x" * len(kept[-1][::4096])
`,
  flood: `AGENT = {"name": "flood"}
def run(context, bytes):
    return "x" * bytes
`,
  reach: `AGENT = {"name": "reach"}
def run(context):
    got = []
    def attempt(what, act):
        try:
            value = act()
            if value:
                got.append(what + " " + str(value)[:40])
        except BaseException:
            pass
    def file():
        return open("/etc/passwd").read()
    def environment():
        import os
        return [key for key in os.environ if "TOKEN" in key or "SECRET" in key or key.startswith("PYPES_CONFORMANCE")]
    def command():
        import subprocess
        return subprocess.run(["id"], capture_output=True, timeout=5).stdout
    def library():
        import ctypes
        return ctypes.CDLL(None).getpid() and open("/proc/1/environ", "rb").read()
    def network():
        import socket
        wire = socket.create_connection(("127.0.0.1", PORT), timeout=2)
        wire.sendall(b"GET / HTTP/1.0\\r\\n\\r\\n")
        return wire.recv(10)
    def granted():
        return context.fetch("http://127.0.0.1:PORT/").status
    for what, act in (("file", file), ("environment", environment), ("command", command), ("library", library), ("network", network), ("granted network", granted)):
        attempt(what, act)
    return got
`,
  relay: `AGENT = {"name": "relay"}
def run(context, value=None):
    return {"echoed": context.call("echo", {"value": value})}
`,
  second: `AGENT = {"name": "echo", "description": "The second of its name"}
def run(context, value=None):
    return {"second": value}
`,
  many: `AGENT = {"name": "many"}
def run(context, n):
    return [context.call("echo", {"value": 1}) for _ in range(n)]
`,
  forget: `AGENT = {"name": "forget"}
def run(context, key):
    context.memory.delete(key)
    return None
`,
  keys: `AGENT = {"name": "keys"}
def run(context, prefix=None):
    return context.memory.list(prefix)
`,
  unjson: `AGENT = {"name": "unjson"}
def run(context):
    return lambda: 1
`,
  recurse: `AGENT = {"name": "recurse"}
def run(context):
    return context.call("recurse", {})
`,
  strict: `AGENT = {"name": "strict", "parameters": {"type": "object", "properties": {"n": {"type": "integer", "minimum": 1}, "kind": {"enum": ["a", "b"]}}, "required": ["n"]}}
def run(context, n, kind="a"):
    context.memory.set("ran", n)
    return n
`,
  unit: `AGENT = {"name": "unit"}
def run(context, unit="C"):
    return unit
`,
  stain: `AGENT = {"name": "stain"}
seen = None
def run(context, mark):
    global seen
    before, seen = seen, mark
    return before
`,
};
