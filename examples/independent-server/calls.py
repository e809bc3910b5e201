"""Calls of agents, each in a process of its own, and what an agent asks meanwhile."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from dataclasses import dataclass, field

from schema import violations

CHILD = os.path.join(os.path.dirname(os.path.abspath(__file__)), "child.py")
MOST_DEPTH = 16
MOST_OUTPUT = 8 * 1024 * 1024
MEMORY_BYTES = 512 * 1024 * 1024
# How many calls run at once; those that they make themselves do not count, so that none waits for itself.
PLACES = threading.Semaphore(16)


class Refused(Exception):
    """A refusal: an HTTP status, a message, and what stands beside it in the envelope."""

    def __init__(self, status, message, **more):
        super().__init__(message)
        self.status = status
        self.more = more


class Gone(Exception):
    """The process of an agent took too long, or said too much."""


@dataclass(frozen=True)
class Agent:
    name: str
    filename: str
    source: str
    parameters: object
    returns: object


@dataclass(frozen=True)
class Call:
    """What a call has from beginning to end: the pack as it was, its memory, when it has to be over."""

    pack: object
    user: object
    ends: float
    depth: int = 0
    run_id: str = field(default_factory=lambda: str(uuid.uuid4()))


def read_agents(filename, source, timeout):
    """The agents of a file. Raises ValueError with what is wrong with it."""
    try:
        last = converse({"filename": filename, "source": source, "agent": None}, time.monotonic() + timeout, refuse)
    except Gone as error:
        raise ValueError(str(error)) from None
    if "error" in last:
        raise ValueError(f"{last['trace']}{last['error']}")
    return [
        Agent(str(about["name"]), filename, source, about.get("parameters", True), about.get("returns", True))
        for about in last["agents"]
        if about.get("name")
    ]


def call_agent(call, name, args):
    """The output of an agent. Raises Refused."""
    agent = call.pack.agents.get(name)
    if agent is None:
        raise Refused(404, f"unknown agent: {name}", available=sorted(call.pack.agents))
    errors = violations(args, agent.parameters)
    if errors:
        raise Refused(400, f'The arguments of "{name}" do not match its schema', errors=errors)
    if call.depth > MOST_DEPTH:
        raise Refused(500, "Calls are nested too deep")
    output = run_agent(call, agent, args)
    if violations(output, agent.returns):
        raise Refused(500, f'The result of "{name}" does not match its schema')
    return output


def run_agent(call, agent, args):
    about = {"user_guid": call.user, "pack_guid": call.pack.guid, "agent": agent.name, "run_id": call.run_id}
    job = {"filename": agent.filename, "source": agent.source, "agent": agent.name, "args": args, "about": about}
    try:
        with tempfile.TemporaryDirectory(prefix="independent-") as folder:
            last = converse({**job, "folder": folder}, call.ends, lambda question: answer(call, question))
    except TimeoutError:
        raise Refused(504, f'"{agent.name}" took too long') from None
    except Gone as error:
        raise Refused(500, str(error)) from None
    if "error" in last:
        raise Refused(500, last["error"], trace=last["trace"])
    return last["result"]


def answer(call, question):
    """What an agent asked for."""
    op = question["op"]
    if op == "call":
        nested = Call(call.pack, call.user, call.ends, call.depth + 1)
        return call_agent(nested, str(question["agent"]), question["args"])
    with call.pack.lock:
        memory = call.pack.memories.setdefault(call.user or "shared", {})
        if op == "get":
            return memory.get(str(question["key"]))
        if op == "set":
            memory[str(question["key"])] = question["value"]
        elif op == "delete":
            memory.pop(str(question["key"]), None)
        elif op == "list":
            return sorted(key for key in memory if key.startswith(question["prefix"]))
        elif op == "read":
            return dict(memory)
        elif op == "write" and isinstance(question["value"], dict):
            memory.clear()
            memory.update(question["value"])
        return None


def refuse(_question):
    raise Refused(500, "A file that is read asks for nothing")


def converse(job, ends, reply):
    """One process from its start to its last line. Raises TimeoutError or Gone; its end is certain."""
    command = [sys.executable, "-I", "-S", "-B", CHILD]
    process = subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={"PATH": os.defpath},
        start_new_session=True,
    )
    late = threading.Timer(max(0.0, ends - time.monotonic()), lambda: kill(process))
    late.start()
    try:
        send(process, {**job, "memory_bytes": MEMORY_BYTES})
        while True:
            line = process.stdout.readline(MOST_OUTPUT + 1)
            if not line.endswith(b"\n"):
                raise TimeoutError if time.monotonic() >= ends else Gone(why(line))
            message = json.loads(line)
            if "op" not in message:
                return message
            try:
                send(process, {"value": reply(message)})
            except Refused as error:
                send(process, {"error": str(error)})
    except BrokenPipeError:
        raise TimeoutError if time.monotonic() >= ends else Gone(why(b"")) from None
    finally:
        late.cancel()
        kill(process)
        process.stdout.close()
        try:
            process.stdin.close()
        except BrokenPipeError:
            pass
        process.wait()


def why(line):
    if len(line) > MOST_OUTPUT:
        return f"The output has more than {MOST_OUTPUT} bytes"
    return "The process of the agent ended in the middle: it may have taken too much memory"


def send(process, message):
    process.stdin.write(json.dumps(message).encode() + b"\n")
    process.stdin.flush()


def kill(process):
    """The process and all that it started."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        pass
