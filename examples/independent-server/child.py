"""Runs in a process of its own: reads an agent file, and runs one of its agents.

The parent sends one line of JSON and gets lines of JSON: questions of the agent ({"op": …}), which it answers with one
line each, and at the end one result. What the agent prints goes nowhere.
"""

import json
import os
import resource
import sys
import types

questions = os.fdopen(os.dup(1), "w", buffering=1, encoding="utf-8")
answers = os.fdopen(os.dup(0), "r", encoding="utf-8")
os.dup2(os.open(os.devnull, os.O_RDWR), 0)
os.dup2(os.open(os.devnull, os.O_RDWR), 1)


class Failed(Exception):
    """What the parent refuses."""


def tell(message):
    questions.write(json.dumps(message, allow_nan=False) + "\n")


def ask(op, **more):
    tell({"op": op, **more})
    answer = json.loads(answers.readline())
    if "error" in answer:
        raise Failed(answer["error"])
    return answer.get("value")


class Memory:
    def get(self, key):
        return ask("get", key=key)

    def set(self, key, value):
        ask("set", key=key, value=value)

    def delete(self, key):
        ask("delete", key=key)

    def list(self, prefix=None):
        return ask("list", prefix=prefix or "")


class Context:
    def __init__(self, about):
        self.user_guid = about.get("user_guid")
        self.pack_guid = about.get("pack_guid")
        self.agent = about.get("agent")
        self.run_id = about.get("run_id")
        self.memory = Memory()

    def log(self, level, message, data=None):
        """There are no runs here that would keep it."""

    def progress(self, fraction, message=None):
        """There is nobody to watch."""

    def call(self, agent, args=None):
        return ask("call", agent=agent, args=args or {})


class BasicAgent:
    """The base class that files import, whatever they call its place."""

    def __init__(self, name=None, metadata=None):
        if name is not None:
            self.name = name
        if metadata is not None:
            self.metadata = metadata


class AzureFileStorageManager:
    """The storage manager that files import: all of it is the memory of this call."""

    def set_memory_context(self, guid=None):
        return True

    def read_json(self):
        return ask("read")

    def write_json(self, data):
        ask("write", value=data)
        return True


def provide():
    """The modules that files import from their old hosts."""
    for name, value in (
        ("agents.basic_agent", {"BasicAgent": BasicAgent}),
        ("basic_agent", {"BasicAgent": BasicAgent}),
        ("openrappter.agents.basic_agent", {"BasicAgent": BasicAgent}),
        ("utils.azure_file_storage", {"AzureFileStorageManager": AzureFileStorageManager}),
        ("utils.storage_factory", {"get_storage_manager": lambda *_: AzureFileStorageManager()}),
    ):
        module = types.ModuleType(name)
        module.__dict__.update(value)
        sys.modules[name] = module
        parts = name.split(".")
        for end in range(1, len(parts)):
            parent = sys.modules.setdefault(".".join(parts[:end]), types.ModuleType(".".join(parts[:end])))
            parent.__path__ = []


def agents_of(filename, source):
    """Every agent of the file: its metadata, and what runs it with a context and keyword arguments."""
    module = types.ModuleType("agent")
    sys.modules["agent"] = module
    exec(compile(source, filename, "exec"), module.__dict__)
    about = module.__dict__.get("AGENT")
    run = module.__dict__.get("run")
    if isinstance(about, dict) and callable(run):
        return [(about, run)]
    found = []
    for name, value in list(module.__dict__.items()):
        is_own = isinstance(value, type) and value.__module__ == "agent" and not name.startswith("_")
        if is_own and name != "BasicAgent" and callable(getattr(value, "perform", None)):
            agent = value()
            about = {**agent.metadata, "name": agent.name}
            found.append((about, lambda context, agent=agent, **args: agent.perform(**args)))
    if not found:
        raise ImportError("it has neither AGENT and run nor a class with perform")
    return found


def call(run, context, args, folder):
    """Runs it, with the memory as a file where an old agent wants one: the folder is gone when the call has ended."""
    path = os.path.join(folder, "memory.json")
    os.environ["BRAINSTEM_MEMORY_PATH"] = path
    before = json.dumps(ask("read"))
    with open(path, "w", encoding="utf-8") as file:
        file.write(before)
    result = run(context, **args)
    if hasattr(result, "__await__"):
        # Few agents need it, and it takes longer to load than they run.
        import asyncio

        result = asyncio.run(result)
    with open(path, encoding="utf-8") as file:
        after = file.read()
    if after != before:
        ask("write", value=json.loads(after))
    return result


def main():
    job = json.loads(answers.readline())
    memory = job["memory_bytes"]
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    provide()
    try:
        agents = agents_of(job["filename"], job["source"])
        if job["agent"] is None:
            tell({"agents": [about for about, _ in agents]})
            return
        run = next(run for about, run in agents if about.get("name") == job["agent"])
        tell({"result": call(run, Context(job["about"]), job["args"], job["folder"])})
    except BaseException as error:
        import traceback

        lines = traceback.format_exception_only(type(error), error)
        where = traceback.extract_tb(error.__traceback__)[-1:]
        trace = "".join(f"{frame.filename} line {frame.lineno}\n" for frame in where)
        tell({"error": "".join(lines).strip()[:2000], "trace": trace})


main()
