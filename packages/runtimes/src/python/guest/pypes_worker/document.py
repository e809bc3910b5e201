# The memory document of one call: taken out of the host at first touch, given back when the call ends.
import json
import os

from .encode import NotJson, to_json
from .requests import ask

#: Where storage managers keep their files inside the document; never shown as data.
FILES = "$files"

_open = os.open
_unlink = os.unlink
_loads = json.loads


class Place:
    """The file that BRAINSTEM_MEMORY_PATH names: one path per worker, there only while a call uses it."""

    folder = ""
    path = ""


class Document:
    """`data` is what the agent sees, `files` what its storage manager keeps beside it."""

    def __init__(self, call, document):
        document = dict(document)
        self._call = call
        self.files = document.pop(FILES, {})
        self.data = document
        self._stored = document
        self._text = None

    def write_out(self):
        """Puts the data into the file, unless it is there already."""
        if self._text is None:
            self._text = to_json(self.data)
            _write_private(Place.path, self._text)

    def sync(self):
        """Takes over what the agent has written into the file; raises ValueError where that is no JSON object."""
        if self._text is None:
            return
        text = _read(Place.path)
        if text != self._text:
            self.data = _parse(text)
            self._text = text

    def replace(self, data):
        """Stores other data at once, in the file too."""
        if not isinstance(data, dict):
            raise TypeError(f"A memory document is a dict, got {type(data).__name__}")
        _check(data)
        self.data = _copy(data)
        self.data.pop(FILES, None)
        if self._text is not None:
            self._text = None
            self.write_out()
        self.commit()

    def copy(self):
        return _copy(self.data)

    def commit(self):
        ask(self._call, "memory.commit", {**self.data, FILES: self.files} if self.files else self.data)
        self._stored = self.data

    def finish(self):
        """The end of the call: what the file says now is stored. Raises ValueError as `sync` does."""
        try:
            self.sync()
            if self.data != self._stored:
                self.commit()
        finally:
            if self._text is not None:
                _remove(Place.path)


def open_document(call):
    """The document of this call, asked for once."""
    if call.document is None:
        call.document = Document(call, ask(call, "memory.checkout"))
    return call.document


def _check(data):
    try:
        to_json(data)
    except NotJson as error:
        raise TypeError(f"Memory holds JSON values, but {error.where('the data')} is {error.what}") from None


def _copy(data):
    return _loads(to_json(data))


def _parse(text):
    if not text.strip():
        return {}
    try:
        data = _loads(text)
        to_json(data)
    except NotJson as error:
        raise ValueError(f"it holds {error.what}") from None
    except RecursionError:
        raise ValueError("it is nested too deep") from None
    if not isinstance(data, dict):
        raise ValueError(f"it holds a JSON {type(data).__name__}, and memory is a JSON object")
    data.pop(FILES, None)
    return data


def _read(path):
    """The bytes of the file; one that the agent has removed counts as emptied."""
    try:
        descriptor = _open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW)
    except FileNotFoundError:
        return b"{}"
    with os.fdopen(descriptor, "rb") as file:
        return file.read()


def _write_private(path, text):
    _remove(path)
    descriptor = _open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(text)


def _remove(path):
    try:
        _unlink(path)
    except FileNotFoundError:
        pass
