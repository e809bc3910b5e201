# Frames to and from the host: a length, a tag, flags and JSON text, over two sockets that only this process may use.
import json
import os
from _thread import RLock, allocate_lock

ANSWERS = 3
LIFELINE = 4
REQUESTS = 5

RESULT = b"R"
FAILURE = b"E"
REQUEST = b"Q"
NOTICE = b"N"
READY = b"Y"

_read = os.read
_write = os.write
_exit = os._exit
_getpid = os.getpid
_close = os.close
_scan = json.JSONDecoder().scan_once
_owner = os.getpid()
_buffer = b""
#: Where the next frame begins in the buffer.
_at = 0
#: Frames of several threads must not mix; a signal handler may print while its own thread sends.
_sending = RLock()
#: Held by whoever waits for an answer, so that threads of one call cannot take each other's.
lock = allocate_lock()


def is_owner():
    """Whether this is the worker itself, not a process that an agent forked from it."""
    return _getpid() == _owner


def send(tag, payload, flags=0):
    """Sends one frame with one write. A forked child that returns into the worker's own code ends here."""
    if _getpid() != _owner:
        _exit(0)
    frame = (len(payload) + 2).to_bytes(4, "little") + tag + bytes((flags,)) + payload
    size = len(frame)
    with _sending:
        sent = _write(ANSWERS, frame)
        while sent < size:
            sent += _write(ANSWERS, frame[sent:])


def receive():
    """The next frame of the host as a dict. The worker ends when the host has gone."""
    global _buffer, _at
    data = _buffer
    begin = _at + 4
    if len(data) < begin:
        data = data[_at:]
        begin = 4
        while len(data) < 4:
            data += _take(65536)
    end = begin + int.from_bytes(data[begin - 4 : begin], "little")
    if len(data) < end:
        chunks = [data]
        missing = end - len(data)
        while missing > 0:
            chunk = _take(max(missing, 65536))
            chunks.append(chunk)
            missing -= len(chunk)
        data = b"".join(chunks)
    text = str(data[begin:end], "utf-8")
    # What was read is kept no longer than what came with it.
    _buffer, _at = (data, end) if end < len(data) else (b"", 0)
    return _scan(text, 0)[0]


def _take(size):
    chunk = _read(REQUESTS, size)
    if not chunk:
        _exit(0)
    return chunk


def _forget_in_child():
    for descriptor in (ANSWERS, LIFELINE, REQUESTS):
        try:
            _close(descriptor)
        except OSError:
            pass


def open_channel():
    """Keeps the sockets to this process: closed in forked children, and by exec."""
    for descriptor in (ANSWERS, LIFELINE, REQUESTS):
        os.set_inheritable(descriptor, False)
        os.set_blocking(descriptor, True)
    os.register_at_fork(after_in_child=_forget_in_child)
