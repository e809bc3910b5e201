# What an agent prints becomes log events: line by line, bounded, and never part of the protocol.
import io
import os
import sys

from . import channel
from .encode import to_json

_write = os.write
_LEVELS = {1: "info", 2: "warn"}


class Budget:
    """How much one call may still log: shared by print, stderr and context.log."""

    lines = 0
    length = 8192
    dropped = 0


class LineSink(io.RawIOBase):
    """The bytes below sys.stdout or sys.stderr."""

    def __init__(self, descriptor):
        super().__init__()
        self._descriptor = descriptor
        self._level = _LEVELS[descriptor]
        self._partial = b""
        self._cut = False

    def writable(self):
        return True

    def fileno(self):
        return self._descriptor

    def close(self):
        """Never closes: the next call prints too."""

    def write(self, data):
        data = bytes(data)
        if not channel.is_owner():
            _write(self._descriptor, data)
            return len(data)
        lines, newline, rest = data.rpartition(b"\n")
        if newline:
            self._emit((self._partial if self._cut else self._partial + lines), lines)
            self._partial = rest
            self._cut = False
        elif not self._cut:
            self._partial += rest
        if len(self._partial) > Budget.length * 4:
            self._partial = self._partial[: Budget.length * 4]
            self._cut = True
        return len(data)

    def finish(self):
        """Sends a last line that has no line end."""
        if self._partial:
            self._emit(self._partial, b"")
        self._partial = b""
        self._cut = False

    def _emit(self, data, tail):
        lines = data.decode("utf-8", "replace").split("\n")
        if self._cut:
            lines += tail.decode("utf-8", "replace").split("\n")[1:]
        room = max(0, Budget.lines)
        Budget.dropped += max(0, len(lines) - room)
        Budget.lines -= len(lines)
        longest = Budget.length + 1
        for line in lines[:room]:
            channel.send(channel.NOTICE, to_json(["log", [self._level, line[:longest]]]))


_sinks = [LineSink(1), LineSink(2)]


def _text(sink):
    return io.TextIOWrapper(sink, encoding="utf-8", errors="backslashreplace", newline="\n", write_through=True)


_streams = [_text(sink) for sink in _sinks]


def capture():
    """Puts the two streams in their places, again after a call that moved or closed them."""
    for index, stream in enumerate(_streams):
        if stream.closed or stream.buffer is not _sinks[index]:
            _streams[index] = _text(_sinks[index])
    sys.stdout, sys.stderr = _streams
    sys.__stdout__, sys.__stderr__ = _streams


def is_captured():
    return sys.stdout is _streams[0] and sys.stderr is _streams[1] and not (sys.stdout.closed or sys.stderr.closed)


def begin(lines, length):
    Budget.lines = lines
    Budget.length = length
    Budget.dropped = 0


def finish():
    """Sends what has no line end yet, and how many lines were dropped. The streams themselves keep nothing back."""
    for sink in _sinks:
        sink.finish()
    if Budget.dropped:
        channel.send(channel.NOTICE, to_json(["dropped", [Budget.dropped]]))
        Budget.dropped = 0
