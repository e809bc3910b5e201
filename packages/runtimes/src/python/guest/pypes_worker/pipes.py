# Named pipes that the worker shares with its host: tickets of calls, and what is written to descriptors 1 and 2.
import os
import sys

_read = os.read
_close = os.close

#: Tells our own pipes from any other that an agent puts in their place.
CAPACITY = 128 * 1024
_F_SETPIPE_SZ = 1031
_F_GETPIPE_SZ = 1032


class Pipes:
    """`tickets` is None as long as the host has not opened its ends, and `ends` are those to be put in place then."""

    tickets = None
    ends = None
    poll = None
    readers = {}


def make(prefix):
    """Has to come before READY: the host then opens the same pipes by their names and removes these."""
    if sys.platform != "linux":
        return
    import fcntl
    import select

    try:
        tickets = _open(f"{prefix}.tickets", os.O_RDWR | os.O_NONBLOCK)
        ends = {}
        poll = select.poll()
        for descriptor in (1, 2):
            path = f"{prefix}.{descriptor}"
            reader = _open(path, os.O_RDWR | os.O_NONBLOCK)
            fcntl.fcntl(reader, _F_SETPIPE_SZ, CAPACITY)
            ends[descriptor] = os.open(path, os.O_WRONLY | os.O_CLOEXEC)
            Pipes.readers[reader] = descriptor
            poll.register(reader, select.POLLIN)
    except OSError:
        return
    Pipes.ends = (tickets, ends)
    Pipes.poll = poll.poll
    Pipes.capacity = fcntl.fcntl
    os.register_at_fork(after_in_child=_forget_in_child)


def share(_message):
    """The host has opened them."""
    from . import checks

    Pipes.tickets, ends = Pipes.ends
    for descriptor, end in ends.items():
        os.dup2(end, descriptor)
        _close(end)
    checks.remember()


def take_ticket():
    """The next ticket, or None where the host has taken it back."""
    try:
        return _read(Pipes.tickets, 1)[0]
    except BlockingIOError:
        return None


def unread():
    """Which of descriptors 1 and 2 hold something that the host has not read; raises OSError where one is not ours."""
    get = Pipes.capacity
    if get(1, _F_GETPIPE_SZ) != CAPACITY or get(2, _F_GETPIPE_SZ) != CAPACITY:
        raise OSError("A descriptor is another one now")
    waiting = Pipes.poll(0)
    return [Pipes.readers[reader] for reader, _ in waiting] if waiting else ()


def _open(path, flags):
    os.mkfifo(path, 0o600)
    return os.open(path, flags | os.O_CLOEXEC)


def _forget_in_child():
    for descriptor in (Pipes.tickets, *Pipes.readers):
        try:
            _close(descriptor)
        except (OSError, TypeError):
            pass
