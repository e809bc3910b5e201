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
    try:
        got.append("file " + open("/etc/passwd").read()[:40])
    except BaseException:
        pass
    try:
        import os
        got += [key for key in os.environ if "TOKEN" in key or "SECRET" in key or key == "PYPES_CONFORMANCE_MARK"]
    except BaseException:
        pass
    try:
        import socket
        wire = socket.create_connection(("127.0.0.1", PORT), timeout=2)
        wire.sendall(b"GET / HTTP/1.0\\r\\n\\r\\n")
        if wire.recv(10):
            got.append("network")
    except BaseException:
        pass
    return got
`,
  relay: `AGENT = {"name": "relay"}
def run(context, value=None):
    return {"echoed": context.call("echo", {"value": value})}
`,
};
