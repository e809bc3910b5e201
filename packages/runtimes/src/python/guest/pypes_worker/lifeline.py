# Ends the worker with its host: when the host dies, however it dies, the kernel closes the other end of the lifeline.
import os
import sys

from .channel import LIFELINE, _exit

SIGKILL = 9
_LINUX_F_SETSIG = 10


def attach():
    """On Linux the kernel itself kills the process group, even while an extension holds the interpreter lock."""
    if sys.platform == "linux":
        import fcntl

        own = os.getpid()
        fcntl.fcntl(LIFELINE, _LINUX_F_SETSIG, SIGKILL)
        fcntl.fcntl(LIFELINE, fcntl.F_SETOWN, -own if os.getpgrp() == own else own)
        fcntl.fcntl(LIFELINE, fcntl.F_SETFL, fcntl.fcntl(LIFELINE, fcntl.F_GETFL) | os.O_ASYNC)
        return
    import _thread

    _thread.start_new_thread(_watch, ())


def _watch():
    while os.read(LIFELINE, 1):
        pass
    if os.getpgrp() == os.getpid():
        os.killpg(0, SIGKILL)
    _exit(1)
