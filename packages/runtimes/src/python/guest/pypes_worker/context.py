# What `run` is given as `context`: who and where, and the members that the host offers.
from . import output
from .requests import ask, tell

_LEVELS = ("debug", "info", "warn", "error")
_RESERVED = "$files"


class Memory:
    """JSON memory of this (pack, user)."""

    __slots__ = ("_call",)

    def __init__(self, call):
        self._call = call

    def get(self, key, default=None):
        value = ask(self._call, "memory.get", key)
        return default if value is None else value

    def set(self, key, value):
        if key == _RESERVED:
            raise ValueError(f'The memory key "{_RESERVED}" is reserved for the files of storage managers')
        ask(self._call, "memory.set", key, value)

    def delete(self, key):
        return ask(self._call, "memory.delete", key)

    def list(self, prefix=None):
        return [key for key in ask(self._call, "memory.list", prefix) if key != _RESERVED]


class Context:
    """What each member does is asked for by its name, and refused there where it was not granted."""

    __slots__ = ("user_guid", "pack_guid", "agent", "run_id", "memory", "objects", "vault", "ai", "session", "_call")

    def __init__(self, call, about):
        self.user_guid = about.get("user")
        self.pack_guid = about["pack"]
        self.agent = about["name"]
        self.run_id = about["run"]
        self.memory = Memory(call)
        self._call = call

    def log(self, level, message, data=None):
        level = "warn" if level == "warning" else level
        if level not in _LEVELS:
            raise ValueError(f"context.log takes one of {', '.join(_LEVELS)} as its level, got {level!r}")
        if output.Budget.lines <= 0:
            output.Budget.dropped += 1
            return
        output.Budget.lines -= 1
        tell(self._call, "log", level, str(message), data)

    def progress(self, fraction, message=None):
        if isinstance(fraction, bool) or not isinstance(fraction, (int, float)):
            raise TypeError(f"context.progress takes a number from 0 to 1, got {fraction!r}")
        tell(self._call, "progress", fraction, None if message is None else str(message))

    def call(self, agent, args=None):
        return ask(self._call, "call", agent, {} if args is None else args)

    def fetch(self, url, method="GET", headers=None, body=None, data=None, json=None):
        """One HTTP request through the host: `body` and `data` are str or bytes, `data` also a form, `json` any value."""
        from . import capabilities

        return capabilities.fetch(self._call, url, method, headers, body, data, json)

    def __getattr__(self, name):
        """Members that few calls need are made when they are first looked at."""
        if name in Context.__slots__:
            from . import capabilities

            member = capabilities.MEMBERS[name](self._call)
            setattr(self, name, member)
            return member
        offered = ", ".join(sorted(member for member in self.__slots__ if member[0] != "_"))
        raise AttributeError(f"context.{name} is not there. It offers {offered}, call, fetch, log, progress")
