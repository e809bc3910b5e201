# What went wrong in an agent, as the host wants it: a code, a message, and a trace of the agent's own lines.
import os

from pypes import AgentError

from . import channel
from .confinement import Confinement
from .encode import to_json

LONGEST_TRACE = 20
LONGEST_MESSAGE = 4000


class Refusal(Exception):
    """A failure that the worker found itself, ready to be sent."""

    def __init__(self, code, message, **details):
        super().__init__(message)
        self.code = code
        self.details = details


def to_failure(error, is_own, path, loading=False):
    """`is_own(filename)` tells which frames belong to the agent; `path` is its file."""
    if isinstance(error, Refusal):
        return {"code": error.code, "message": str(error), "details": error.details}
    if isinstance(error, MemoryError) and Confinement.memory is not None:
        return _out_of_memory()
    message = _message(error, loading)
    details = {}
    if isinstance(error, SyntaxError) and error.filename is not None and is_own(error.filename):
        details["line"] = error.lineno
        if error.offset:
            details["column"] = error.offset
    trace, line = _trace(error, is_own, path)
    if trace:
        details["trace"] = trace
    if line is not None:
        details.setdefault("line", line)
    if isinstance(error, ModuleNotFoundError) and error.name:
        details["missing"] = error.name
    if isinstance(error, AgentError):
        details["cause"] = {"code": error.code, "message": str(error)}
    if loading:
        details["file"] = path
    return {"code": "agent_broken" if loading else "handler_failed", "message": message, "details": details}


def _out_of_memory():
    from . import confine

    confine.give_last_memory()
    most = Confinement.memory
    message = f"The agent used more than the {most} bytes of memory that a sandbox may"
    return {"code": "resource_exhausted", "message": message, "details": {"limit": "guest_bytes", "maximum": most}}


def encode_failure(failure):
    return to_json(failure)


def _message(error, loading):
    if isinstance(error, SystemExit):
        verb = "was loaded" if loading else "ran"
        return f"The agent called sys.exit({error.code!r}) while it {verb}; return a value instead"
    if isinstance(error, SyntaxError):
        return f"{type(error).__name__}: {error.msg}"
    try:
        text = str(error)
    except BaseException:
        text = "(its text could not be made)"
    if isinstance(error, ModuleNotFoundError) and error.name:
        text += f'; install "{error.name.partition(".")[0]}" for this Python, or put it beside the file'
    text = text[:LONGEST_MESSAGE]
    name = type(error).__name__
    return f"{name}: {text}" if text else name


def _trace(error, is_own, path):
    lines = []
    line = None
    seen = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        frames, found = _frames(error.__traceback__, is_own, path)
        if line is None:
            line = found
        lines = frames + lines
        cause = error.__cause__
        if cause is None and not error.__suppress_context__:
            cause = error.__context__
        if cause is not None and len(lines) < LONGEST_TRACE:
            lines.insert(0, f"{type(cause).__name__}: {str(cause)[:200]} led to:")
        error = cause
    return "\n".join(lines[-LONGEST_TRACE:]), line


def _frames(step, is_own, path):
    places = []
    while step is not None:
        code = step.tb_frame.f_code
        if is_own(code.co_filename):
            places.append((code.co_filename, step.tb_lineno, code.co_name))
        step = step.tb_next
    line = next((number for name, number, _ in reversed(places) if name == path), None)
    lines = []
    for filename, number, function in places[-LONGEST_TRACE:]:
        lines.append(f'  File "{filename}", line {number}, in {function}')
        text = source_line(filename, number)
        if text:
            lines.append(f"    {text}")
    return lines, line


#: The text of each agent file by the name it was compiled with.
sources = {}


def source_line(filename, number):
    text = sources.get(filename)
    if text is None and os.path.isabs(filename):
        try:
            with open(filename, encoding="utf-8", errors="replace") as file:
                text = file.read()
        except OSError:
            return ""
    lines = (text or "").split("\n")
    return lines[number - 1].strip() if 0 < number <= len(lines) else ""


def send_failure(error, is_own, path, loading=False, flags=0):
    channel.send(channel.FAILURE, encode_failure(to_failure(error, is_own, path, loading)), flags)
