# One call: load the file if need be, run the agent, undo what it changed, answer.
import gc
from time import perf_counter

from . import channel, checks, drain, environ, failure, folders, modules, output, turns
from .confinement import wipe
from .context import Context
from .encode import NotJson, to_json
from .failure import Refusal
from .state import State

_now = perf_counter
_bit_length = int.bit_length


class Call:
    """What belongs to one call and to no other."""

    __slots__ = ("began", "context", "document", "loading")

    def __init__(self, message):
        self.document = None
        self.loading = True
        self.began = _now()
        self.context = Context(self, message)


def run(message):
    """Answers with exactly one frame, RESULT or FAILURE."""
    call = Call(message)
    file = modules.files[message["key"]]
    output.begin(file.lines, file.length)
    State.call = call
    loading = True
    tag = channel.RESULT
    try:
        modules.enter(message["key"])
        if file.agents is None:
            modules.load(file)
        _open_memory(call, file, message.get("document"))
        call.loading = loading = False
        call.began = _now()
        value = _target(file, message["agent"])(call.context, message["args"])
        checks.restore_builtins()
        if hasattr(value, "__await__"):
            value = _await(value)
            checks.restore_builtins()
        payload = _encode(value, file.bytes)
    except BaseException as error:
        checks.restore_builtins()
        tag = channel.FAILURE
        payload = failure.encode_failure(failure.to_failure(error, file.is_own, file.path, loading))
        error.__traceback__ = None
    value = None
    _finish(call, tag, payload)


def _finish(call, tag, payload):
    trouble = _store_memory(call)
    if trouble is not None and tag is channel.RESULT:
        tag, payload = channel.FAILURE, trouble
    output.finish()
    folders.note_imports()
    try:
        flags = 1 if checks.restore() or wipe() else 0
    except BaseException:
        flags = 1
    flags |= drain.mark()
    duration = _bit_length(int((_now() - call.began) * 1e6))
    with channel.lock:
        State.call = None
        channel.send(tag, payload, flags | min(duration, 31) << 3)
    if flags & 1:
        turns.halt()
    if flags & 6:
        turns.await_reader()
    if not gc.isenabled():
        gc.enable()


def _open_memory(call, file, document):
    if document is not None:
        from .document import Document

        call.document = Document(call, document)
    if file.touches_memory:
        environ.expose(call)


def _store_memory(call):
    """Gives the memory document back; returns an encoded failure where the host does not take it."""
    if call.document is None:
        return None
    try:
        call.document.finish()
    except ValueError as error:
        _warn(call, f"BRAINSTEM_MEMORY_PATH was not stored: {error}")
    except BaseException as error:
        code = getattr(error, "code", "handler_failed")
        return failure.encode_failure(
            {"code": code, "message": f"The memory of the call was not stored: {error}", "details": {}}
        )
    return None


def _warn(call, text):
    channel.send(channel.NOTICE, to_json(["log", ["warn", text]]))


def _target(file, selector):
    agent = file.agents.get(selector)
    if agent is None:
        raise Refusal("agent_broken", f'"{file.path}" has no agent {selector!r} any more', file=file.path)
    return agent[2]


def _encode(value, limit):
    try:
        payload = to_json(value)
    except NotJson as error:
        place = error.where("The result")
        raise Refusal(
            "invalid_output", f"{place} is {error.what}; return values that JSON has", path=error.where("$"), type=error.kind
        ) from None
    if len(payload) > limit:
        raise Refusal("output_too_large", f"The result has {len(payload)} bytes as JSON, at most {limit} may leave a call")
    return payload


def _await(value):
    import asyncio

    return asyncio.run(_wrap(value))


async def _wrap(value):
    return await value
