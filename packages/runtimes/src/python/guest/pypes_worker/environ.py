# The environment as agents see it: BRAINSTEM_MEMORY_PATH appears when it is looked at, and every change is undone.
import os

from . import document
from .state import State

NAME = "BRAINSTEM_MEMORY_PATH"
_NAME_BYTES = os.fsencode(NAME)

_putenv = os.putenv
_unsetenv = os.unsetenv
_environment = os.environ
_data = os.environ._data
_plain_class = type(os.environ)


class Touched:
    """Set when the variable was looked at while a file was being loaded: its calls then always have it."""

    flag = False


class CallEnvironment(_plain_class):
    """os.environ, which notices that an agent looks for its memory."""

    def __getitem__(self, key):
        if key == NAME or key == _NAME_BYTES:
            _appear()
        return super().__getitem__(key)

    def __iter__(self):
        _appear()
        return super().__iter__()

    def __len__(self):
        _appear()
        return super().__len__()


def _appear():
    call = State.call
    if _NAME_BYTES in _data:
        return
    if call is None or call.loading:
        Touched.flag = True
        _data[_NAME_BYTES] = os.fsencode(document.Place.path)
    else:
        expose(call)


def expose(call):
    """Writes the memory file of this call and names it in the real environment, where subprocesses see it too."""
    document.open_document(call).write_out()
    path = os.fsencode(document.Place.path)
    _data[_NAME_BYTES] = path
    _putenv(_NAME_BYTES, path)


def install():
    """Must come before any agent code."""
    os.environ.pop(NAME, None)
    os.environ.__class__ = CallEnvironment
    if os.supports_bytes_environ:
        os.environb.__class__ = CallEnvironment
    _saved.update(_data)


_saved = {}


def restore():
    """Undoes what a call changed."""
    os.environ = _environment
    if _data == _saved:
        return
    for key in _data.keys() - _saved.keys():
        del _data[key]
        _unsetenv(key)
    for key, value in _saved.items():
        if _data.get(key) != value:
            _data[key] = value
            _putenv(key, value)


def keep():
    """What a file set while it was loaded stays for all its calls."""
    _data.pop(_NAME_BYTES, None)
    _unsetenv(_NAME_BYTES)
    _saved.clear()
    _saved.update(_data)
