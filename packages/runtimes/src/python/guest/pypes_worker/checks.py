# What a call may have left behind: undone where it can be, else the worker says that it has to be replaced.
import _signal
import _thread
import builtins
import os
import sys
from os import dup, getcwd, listdir, waitpid
from sys import getrecursionlimit, gettrace, getprofile

from . import environ, output

_close = os.close
_chdir = os.chdir
_getsignal = _signal.getsignal
_signals = tuple(number for number in range(1, 32) if number not in (9, 19))
_builtins = dict(vars(builtins))
_names = vars(builtins)
_objects = list(_builtins.values())
_values = _names.values
_list = list
_same = list.__eq__
_FULL_COUNT_EVERY = 64


class Baseline:
    """How the worker looked after the last file was loaded."""

    handlers = []
    lowest = 0
    descriptors = 0
    threads = 0
    folder = ""
    recursion = 1000
    path = []
    calls = 0


def remember():
    """Takes what is there now as what should be there after every call."""
    Baseline.handlers = list(map(_getsignal, _signals))
    Baseline.lowest = _lowest_descriptor()
    Baseline.descriptors = _count_descriptors()
    Baseline.threads = _thread._count()
    Baseline.recursion = getrecursionlimit()
    if not Baseline.folder:
        Baseline.folder = getcwd()


def restore_builtins():
    """First of all after a call: the worker's own code needs them. Uses no builtin itself."""
    if not _same(_list(_values()), _objects):
        _names.clear()
        _names.update(_builtins)


def restore():
    """Undoes what can be undone; returns whether the worker is dirty."""
    environ.restore()
    if not output.is_captured():
        output.capture()
    try:
        if getcwd() != Baseline.folder:
            _chdir(Baseline.folder)
    except OSError:
        _chdir(Baseline.folder)
    if getrecursionlimit() != Baseline.recursion:
        sys.setrecursionlimit(Baseline.recursion)
    if gettrace() is not None or getprofile() is not None:
        sys.settrace(None)
        sys.setprofile(None)
    if _signal.getitimer(0)[0]:
        _signal.setitimer(0, 0)
    return _is_dirty()


def _is_dirty():
    Baseline.calls += 1
    return (
        _thread._count() > Baseline.threads
        or _list(map(_getsignal, _signals)) != Baseline.handlers
        or _has_children()
        or _lowest_descriptor() != Baseline.lowest
        or (Baseline.calls % _FULL_COUNT_EVERY == 0 and _count_descriptors() != Baseline.descriptors)
    )


def _has_children():
    try:
        while True:
            if waitpid(-1, os.WNOHANG)[0] == 0:
                return True
    except ChildProcessError:
        return False


def _lowest_descriptor():
    """A leaked or closed descriptor moves it: far cheaper than counting them."""
    descriptor = dup(0)
    _close(descriptor)
    return descriptor


def _count_descriptors():
    try:
        return len(listdir("/proc/self/fd" if sys.platform == "linux" else "/dev/fd"))
    except OSError:
        return 0
