# Whether bytes that the agent or its subprocesses wrote to descriptors 1 and 2 are still on their way to the host.
import os
import sys

from .pipes import Pipes, unread

_SIOCOUTQ = 0x5411
_write = os.write


class Mark:
    text = b""


if sys.platform == "linux":
    from fcntl import ioctl

    def _is_waiting(descriptor):
        return ioctl(descriptor, _SIOCOUTQ, b"\0\0\0\0") != b"\0\0\0\0"

else:

    def _is_waiting(descriptor):
        return True


def mark():
    """Ends the unread output of this call with a mark.

    Returns 2 or 4 for each stream that the host has to read up to it, and 1 where a stream is no longer the host's.
    """
    if Pipes.tickets is not None:
        return _mark_pipes()
    flags = 0
    for descriptor, bit in ((1, 2), (2, 4)):
        try:
            if _is_waiting(descriptor):
                _write(descriptor, Mark.text)
                flags |= bit
        except OSError:
            flags |= 1
    return flags


def _mark_pipes():
    flags = 0
    try:
        for descriptor in unread():
            _write(descriptor, Mark.text)
            flags |= descriptor * 2
    except (OSError, KeyError):
        flags |= 1
    return flags
