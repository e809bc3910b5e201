# What a call may have left behind in Pyodide, which has no processes, threads and signals: undone where it can be.
import builtins
import sys
from os import chdir, getcwd
from sys import getprofile, getrecursionlimit, gettrace, setprofile, setrecursionlimit, settrace

from . import environ, leftovers, output

_builtins = dict(vars(builtins))
_names = vars(builtins)
_objects = list(_builtins.values())
_values = _names.values
_list = list
_same = list.__eq__


class Baseline:
    """How the worker looked after the last file was loaded."""

    folder = ""
    recursion = 1000


def remember():
    """Takes what is there now as what should be there after every call."""
    Baseline.recursion = getrecursionlimit()
    if not Baseline.folder:
        Baseline.folder = getcwd()


def restore_builtins():
    """First of all after a call: the worker's own code needs them. Uses no builtin itself."""
    if not _same(_list(_values()), _objects):
        _names.clear()
        _names.update(_builtins)


def restore():
    """Undoes what can be undone; returns whether the worker has to be replaced."""
    environ.restore()
    if not output.is_captured():
        output.capture()
    if getcwd() != Baseline.folder:
        chdir(Baseline.folder)
    if getrecursionlimit() != Baseline.recursion:
        setrecursionlimit(Baseline.recursion)
    if gettrace() is not None or getprofile() is not None:
        settrace(None)
        setprofile(None)
    return leftovers.end()
