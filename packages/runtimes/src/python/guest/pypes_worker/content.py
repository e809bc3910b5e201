# What the host gives back: bytes or text that came as JSON, answers of web servers, and objects with their properties.
from binascii import a2b_base64, b2a_base64


def to_body(content, rule):
    """The parameters that carry it: text as it is, bytes in base64."""
    if isinstance(content, str):
        return {"text": content}
    if isinstance(content, (bytes, bytearray, memoryview)):
        return {"base64": b2a_base64(bytes(content), newline=False).decode("ascii")}
    raise TypeError(f"{rule} str or bytes, got {type(content).__name__}")


class Ready:
    """It is there already; `await` gives the same, for those who write async agents by habit."""

    __slots__ = ()

    def __await__(self):
        return self
        yield


class Content(Ready):
    """`text` and `bytes` are the same content, whichever way it travelled."""

    __slots__ = ("_parts",)

    def __init__(self, parts):
        self._parts = parts

    @property
    def bytes(self):
        text = self._parts.get("text")
        return a2b_base64(self._parts.get("base64", "")) if text is None else text.encode("utf-8")

    content = bytes

    @property
    def text(self):
        text = self._parts.get("text")
        return self.bytes.decode(self._charset(), "replace") if text is None else text

    def json(self):
        import json

        return json.loads(self.text)

    def _charset(self):
        return "utf-8"


class StoredObject(Content):
    """An object: its content, name, content_type, size and digest."""

    __slots__ = ()

    name = property(lambda self: self._parts["name"])
    content_type = property(lambda self: self._parts["content_type"])
    size = property(lambda self: self._parts["size"])
    digest = property(lambda self: self._parts["digest"])

    def __repr__(self):
        return f"<object {self.name!r} {self.content_type} of {self.size} bytes>"


class Response(Content):
    """What a web server answered; `headers` is found by names in any case."""

    __slots__ = ("headers",)

    def __init__(self, parts):
        super().__init__(parts)
        self.headers = Headers(parts["headers"])

    status = property(lambda self: self._parts["status"])
    status_code = status
    reason = property(lambda self: self._parts.get("status_text", ""))
    url = property(lambda self: self._parts["url"])
    ok = property(lambda self: 200 <= self.status < 300)

    def raise_for_status(self):
        if self.status >= 400:
            raise OSError(f"{self.url} answered {self.status} {self.reason}")

    def _charset(self):
        kind = self.headers.get("content-type", "").lower()
        name = kind.partition("charset=")[2].partition(";")[0].strip(" \"'")
        try:
            return name if name and "".encode(name) == b"" else "utf-8"
        except LookupError:
            return "utf-8"

    def __repr__(self):
        return f"<response {self.status} of {self.url}>"


class Headers(dict):
    """Names in lower case; several values of one name are joined by commas, and whole in `pairs`."""

    def __init__(self, pairs):
        super().__init__()
        self.pairs = [(name, value) for name, value in pairs]
        for name, value in self.pairs:
            key = name.lower()
            super().__setitem__(key, f"{self[key]}, {value}" if key in self else value)

    def __getitem__(self, name):
        return super().__getitem__(name.lower())

    def __contains__(self, name):
        return super().__contains__(name.lower())

    def get(self, name, default=None):
        return super().get(name.lower(), default)


class Answer(Ready, dict):
    """A dict whose keys can be read as attributes, too."""

    __slots__ = ()

    def __getattr__(self, name):
        try:
            return self[name]
        except KeyError:
            raise AttributeError(f"the answer has no {name!r}; it has {', '.join(self)}") from None
