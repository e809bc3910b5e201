# Frames to and from the host, handed over by the JavaScript around this Python: waiting for it switches stacks.
import json
from _thread import RLock, allocate_lock

RESULT = b"R"
FAILURE = b"E"
REQUEST = b"Q"
NOTICE = b"N"
READY = b"Y"

_scan = json.JSONDecoder().scan_once
_read = _write = _tell = _wait = _copy = None
_buffer = b""
_sending = RLock()
#: Held by whoever waits for an answer.
lock = allocate_lock()


def connect(link, wait, copy):
    """`wait` blocks on a promise, `copy` makes bytes JavaScript's."""
    global _read, _write, _tell, _wait, _copy
    _read, _write, _tell, _wait, _copy = link.read, link.write, link.tell, wait, copy


def open_channel():
    """`connect` has done it."""


def is_owner():
    """There is one process."""
    return True


def send(tag, payload, flags=0):
    """Sends one frame. What is only told leaves at once, since the agent may compute for long afterwards."""
    frame = (len(payload) + 2).to_bytes(4, "little") + tag + bytes((flags,)) + payload
    with _sending:
        if tag is NOTICE:
            _wait(_tell(_copy(frame)))
        else:
            _write(_copy(frame))


def receive():
    """The next frame of the host as a dict."""
    global _buffer
    data = _buffer
    while len(data) < 4:
        data += _take()
    end = 4 + int.from_bytes(data[:4], "little")
    if len(data) < end:
        chunks = [data]
        missing = end - len(data)
        while missing > 0:
            chunk = _take()
            chunks.append(chunk)
            missing -= len(chunk)
        data = b"".join(chunks)
    _buffer = data[end:]
    return _scan(str(data[4:end], "utf-8"), 0)[0]


def _take():
    chunk = _wait(_read())
    if chunk is None:
        raise SystemExit
    return chunk.to_bytes()
