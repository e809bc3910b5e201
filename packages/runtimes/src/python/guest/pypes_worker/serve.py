# The worker's main loop: one request of the host at a time.
import faulthandler
import gc
import os
import sys

from . import call, channel, checks, document, drain, environ, failure, lifeline, modules, output, pipes, provided, turns
from .state import State


def main(token, home, is_shared=False):
    channel.open_channel()
    lifeline.attach()
    drain.Mark.text = f"\0{token}\0".encode("ascii")
    document.Place.path = os.path.join(home, f"memory-{os.getpid()}.json")
    environ.install()
    provided.install()
    faulthandler.enable(2)
    sys.argv = [""]
    output.capture()
    if is_shared:
        pipes.make(os.path.join(home, token))
    checks.remember()
    channel.send(channel.READY, b"null")
    jobs = {"call": call.run, "describe": _describe, "inspect": _inspect}
    preparations = {"load": modules.add, "unload": _unload, "share": pipes.share}
    next_request, claim = turns.next_request, turns.claim
    while True:
        message = next_request()
        operation = message["op"]
        if operation not in jobs:
            preparations[operation](message)
        elif "first" in message or claim():
            jobs[operation](message)


def _unload(message):
    modules.remove(message["key"])


def _describe(message):
    """Loads a file whose metadata cannot be read, and answers with it."""
    file = modules.files[message["key"]]
    output.begin(0, 1)
    try:
        modules.enter(message["key"])
        if file.agents is None:
            modules.load(file)
        agents = [{"selector": agent[0], "metadata": agent[1]} for agent in file.agents.values()]
        tag, payload = channel.RESULT, failure.encode_failure(agents)
    except BaseException as error:
        checks.restore_builtins()
        tag = channel.FAILURE
        payload = failure.encode_failure(failure.to_failure(error, file.is_own, file.path, True))
    output.Budget.dropped = 0
    output.finish()
    try:
        flags = 1 if checks.restore() else 0
    except BaseException:
        flags = 1
    channel.send(tag, payload, flags)
    State.call = None
    if flags & 1:
        turns.halt()


def _inspect(message):
    """Reads many files without running any."""
    reading = provided.import_own("reading")
    # Syntax trees are many objects and no cycles: looking for cycles would take as long as parsing.
    gc.disable()
    findings = [reading.read_file(file) for file in message["files"]]
    gc.enable()
    channel.send(channel.RESULT, failure.encode_failure(findings))
