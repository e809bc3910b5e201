# What holds for a worker in the sandbox: where it may write, and how much memory an agent may have.
import os

_scandir = os.scandir
_stat = os.stat
_rmdir = os.rmdir
_unlink = os.unlink
_chmod = os.chmod


class Confinement:
    """All None in a trusted worker."""

    folder = None
    empty_size = None
    memory = None


def wipe():
    """Empties the folder after a call; returns whether something could not be removed."""
    if Confinement.folder is None:
        return False
    try:
        # The size of a folder of tmpfs grows with each entry: far cheaper than listing it.
        if _stat(Confinement.folder).st_size == Confinement.empty_size:
            return False
        _empty(Confinement.folder)
    except (OSError, RecursionError):
        return True
    return False


def _empty(folder):
    with _scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                _chmod(entry.path, 0o700)
                _empty(entry.path)
                _rmdir(entry.path)
            else:
                _unlink(entry.path)
