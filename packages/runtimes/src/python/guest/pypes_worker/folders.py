# The siblings of trusted files: importable by name, noticed when they change, and kept apart between folders.
import importlib
import os
import sys
import time

_stat = os.stat
_open = open
_now = time.time_ns
#: Two changes closer together than this may carry the same time.
_RECENT_NS = 50_000_000


class Folder:
    """`modules` are those that were imported from it, `stamps` say which version of each file that was."""

    def __init__(self, path):
        self.path = path
        self.modules = {}
        self.stamps = {}

    def has_changed(self):
        for file, (stamp, text) in self.stamps.items():
            if _stamp(file) != stamp:
                return True
            if text is not None:
                if _read(file) != text:
                    return True
                self.stamps[file] = (stamp, _recent_text(file, stamp))
        return False

    def forget(self):
        for name in self.modules:
            sys.modules.pop(name, None)
        self.modules.clear()
        self.stamps.clear()
        Current.known = -1
        importlib.invalidate_caches()


class Current:
    folder = None
    known = 0
    path = list(sys.path)
    #: What `sys.path` has to be for the folder.
    wanted = path


_folders = {}
#: Names of the modules of agents: of these the host says itself when they change.
own = set()


def enter(path):
    """Makes a folder's modules the ones that `import` finds; None for a file that lies in no folder."""
    if path is None:
        folder = None
    else:
        folder = _folders.get(path) or _folders.setdefault(path, Folder(path))
    if folder is not Current.folder:
        _leave()
        Current.folder = folder
        if folder is not None:
            sys.modules.update(folder.modules)
        Current.known = len(sys.modules)
        Current.wanted = _wanted()
    if sys.path != Current.wanted:
        sys.path[:] = Current.wanted
    return folder


def _wanted():
    return Current.path if Current.folder is None else [Current.folder.path, *Current.path]


def note_imports(certainly=False):
    """Finds out what was imported from the current folder since the last look."""
    folder = Current.folder
    if len(sys.modules) == Current.known and not certainly:
        return
    Current.known = len(sys.modules)
    if folder is None:
        return
    inside = folder.path + os.sep
    for name, module in list(sys.modules.items()):
        file = getattr(module, "__file__", None)
        if isinstance(file, str) and file.startswith(inside) and name not in folder.modules and name not in own:
            folder.modules[name] = module
            stamp = _stamp(file)
            folder.stamps[file] = (stamp, _recent_text(file, stamp))


def keep_path():
    """What a file put into sys.path while it was loaded stays."""
    folder = Current.folder
    Current.path = [entry for entry in sys.path if folder is None or entry != folder.path]
    Current.wanted = _wanted()


def _leave():
    if Current.folder is None:
        return
    note_imports()
    for name in Current.folder.modules:
        sys.modules.pop(name, None)


def _recent_text(file, stamp):
    """The text of a file that has just changed: its time alone would not show a next change."""
    return _read(file) if stamp is not None and abs(_now() - stamp[0]) < _RECENT_NS else None


def _read(file):
    try:
        with _open(file, "rb") as opened:
            return opened.read()
    except OSError:
        return None


def _stamp(file):
    try:
        found = _stat(file)
    except OSError:
        return None
    return (found.st_mtime_ns, found.st_size, found.st_ino)
