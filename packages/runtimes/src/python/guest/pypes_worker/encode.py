# JSON text of a value that an agent made, or the place and type of the first thing in it that is no JSON.
import json
from json.encoder import c_make_encoder, encode_basestring_ascii

#: The largest integer that every JSON reader keeps exactly; larger ones travel as text.
LARGEST = 2**53 - 1
DEEPEST = 256

_encoder = json.JSONEncoder(allow_nan=False, check_circular=False, separators=(",", ":"))
if c_make_encoder is None:
    _dumps = _encoder.encode
else:
    # JSONEncoder.encode makes a new one of these each time.
    _write_chunks = c_make_encoder(
        None, _encoder.default, encode_basestring_ascii, None, ":", ",", False, False, False
    )

    def _dumps(value):
        return "".join(_write_chunks(value, 0))


_SAME = frozenset((str, bool, type(None)))


class NotJson(Exception):
    """`what` says what was found, `kind` is its Python type's name, `path` leads to it from the outside in."""

    def __init__(self, what, kind):
        super().__init__(what)
        self.what = what
        self.kind = kind
        self.path = []

    def where(self, root):
        steps = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in self.path)
        return root + "".join(steps)


def to_json(value):
    """ASCII bytes; raises NotJson."""
    if type(value) is str:
        return encode_basestring_ascii(value).encode("ascii")
    return _dumps(to_plain(value)).encode("ascii")


def to_plain(value, depth=0):
    """The value itself where JSON can say it as it is, else a copy with large integers as text."""
    kind = type(value)
    if kind in _SAME:
        return value
    if kind is int:
        return value if -LARGEST <= value <= LARGEST else _long_text(value)
    if kind is float:
        if value - value != 0:
            raise NotJson(f"the number {value!r}, which JSON does not have", "float")
        return value
    if depth >= DEEPEST:
        raise NotJson(f"nested more than {DEEPEST} levels deep, or contained in itself", kind.__name__)
    if kind is dict:
        return _plain_dict(value, depth + 1)
    if kind is list or kind is tuple:
        return _plain_list(value, depth + 1)
    return _plain_subclass(value, kind, depth)


def _plain_dict(value, depth):
    changed = {}
    key = None
    try:
        for key, item in value.items():
            if type(key) is not str:
                raise NotJson(f"the key {_short(key)} of type {type(key).__name__}; keys are texts", type(key).__name__)
            plain = to_plain(item, depth)
            if plain is not item:
                changed[key] = plain
    except NotJson as error:
        if type(key) is str:
            error.path.insert(0, key)
        raise
    return {**value, **changed} if changed else value


def _plain_list(value, depth):
    changed = {}
    index = 0
    try:
        for index, item in enumerate(value):
            plain = to_plain(item, depth)
            if plain is not item:
                changed[index] = plain
    except NotJson as error:
        error.path.insert(0, index)
        raise
    return [changed.get(index, item) for index, item in enumerate(value)] if changed else value


def _plain_subclass(value, kind, depth):
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, int):
        return to_plain(int.__int__(value))
    if isinstance(value, float):
        return to_plain(float.__float__(value))
    if isinstance(value, dict):
        return _plain_dict({_plain_key(key): item for key, item in value.items()}, depth + 1)
    if isinstance(value, (list, tuple)):
        return _plain_list(list(value), depth + 1)
    raise NotJson(f"of the type {kind.__name__}", kind.__name__)


def _plain_key(key):
    return str.__str__(key) if isinstance(key, str) else key


def _long_text(value):
    try:
        return str(value)
    except ValueError:
        raise NotJson("an integer with more digits than Python prints", "int") from None


def _short(value):
    try:
        return repr(value)[:40]
    except Exception:
        return "?"
