# What holds for Pyodide: how much memory an agent may have, and that nothing it writes outlasts its call.
import os

_scandir = os.scandir
_rmdir = os.rmdir
_unlink = os.unlink

#: The folders in which a file system of Pyodide is meant to be written to; it lies in memory, and counts as such.
PLACES = ("/tmp", "/home/pyodide")


class Confinement:
    """None until an agent's file has come."""

    memory = None


def wipe():
    """Empties the folders after a call; returns whether something could not be removed."""
    try:
        for place in PLACES:
            _empty(place)
    except (OSError, RecursionError):
        return True
    return False


def _empty(folder):
    with _scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                _empty(entry.path)
                _rmdir(entry.path)
            else:
                _unlink(entry.path)
