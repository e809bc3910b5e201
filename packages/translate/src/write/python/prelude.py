# The primitives in Python, by hand. Ints are int, floats float, texts str, lists list, dictionaries dict.
def _refuse(why):
    raise ValueError("Refused by the translation: " + why)


def _fail(message):
    raise ValueError(message)


class _Undefined:
    def __repr__(self):
        return "undefined"


_undefined = _Undefined()


def _same(a, b):
    if isinstance(a, (list, dict)) or callable(a):
        return a is b
    return type(a) is type(b) and a == b


def _fdiv(a, b):
    if b != 0.0:
        return a / b
    if a == 0.0 or a != a:
        return float("nan")
    return _copysign(float("inf"), a) * _copysign(1.0, b)


def _copysign(size, sign):
    import math
    return math.copysign(size, sign)


def _fmod(a, b):
    import math
    return float("nan") if b == 0.0 or math.isinf(a) or a != a or b != b else math.fmod(a, b)


def _ffloor(x):
    import math
    return x if x - x != 0.0 or abs(x) >= 4503599627370496.0 else _copysign(float(math.floor(x)), x)


def _fsqrt(x):
    import math
    return math.sqrt(x) if x >= 0.0 else float("nan") if x != 0.0 else x


def _fpow(x, y):
    try:
        power = x ** y
    except ZeroDivisionError:
        odd = _fmod(y, 2.0) == -1.0
        return _copysign(float("inf"), x) if odd else float("inf")
    except OverflowError:
        return -float("inf") if x < 0.0 and abs(_fmod(y, 2.0)) == 1.0 else float("inf")
    return float("nan") if isinstance(power, complex) or (y - y != 0.0 and abs(x) == 1.0) or (x == 1.0 and y != y) else power


def _to_float(i):
    try:
        return float(i)
    except OverflowError:
        return float("inf") if i > 0 else -float("inf")


def _finite(x):
    return x - x == 0.0


def _words(x):
    import struct
    return struct.unpack(">iI", struct.pack(">d", x))


def _with_high(x, high):
    import struct
    return struct.unpack(">d", struct.pack(">iI", high, _words(x)[1]))[0]


def _log(x):
    if x != x or x < 0.0:
        return float("nan")
    if x == 0.0:
        return -float("inf")
    if x == float("inf"):
        return x
    k, high = 0, _words(x)[0]
    if high < 0x00100000:
        k, x = -54, x * 18014398509481984.0
        high = _words(x)[0]
    k += (high >> 20) - 1023
    high &= 0xFFFFF
    i = (high + 0x95F64) & 0x100000
    f = _with_high(x, high | (i ^ 0x3FF00000)) - 1.0
    dk = float(k + (i >> 20))
    low, top = 1.90821492927058770002e-10, 6.93147180369123816490e-01
    if (0xFFFFF & (2 + high)) < 3:
        if f == 0.0:
            return dk * top + dk * low if dk != 0.0 else 0.0
        r = f * f * (0.5 - 0.33333333333333333 * f)
        return f - r if dk == 0.0 else dk * top - ((r - dk * low) - f)
    s = f / (2.0 + f)
    z = s * s
    w = z * z
    one = w * (3.999999999940941908e-01 + w * (2.222219843214978396e-01 + w * 1.531383769920937332e-01))
    two = z * (6.666666666666735130e-01 + w * (2.857142874366239149e-01 + w * (1.818357216161805012e-01 + w * 1.479819860511658591e-01)))
    r = two + one
    if (high - 0x6147A) | (0x6B851 - high) > 0:
        half = 0.5 * f * f
        return f - (half - s * (half + r)) if dk == 0.0 else dk * top - ((half - (s * (half + r) + dk * low)) - f)
    return f - s * (f - r) if dk == 0.0 else dk * top - ((s * (f - r) - dk * low) - f)


def _log10(x):
    if x != x or x < 0.0:
        return float("nan")
    if x == 0.0:
        return -float("inf")
    if x == float("inf") or x == 1.0:
        return x if x != 1.0 else 0.0
    k, high = 0, _words(x)[0]
    if high < 0x00100000:
        k, x = -54, x * 18014398509481984.0
        high = _words(x)[0]
    k += (high >> 20) - 1023
    i = 1 if k < 0 else 0
    y = float(k + i)
    x = _with_high(x, (high & 0xFFFFF) | ((0x3FF - i) << 20))
    z = y * 3.69423907715893078616e-13 + 4.34294481903251816668e-01 * _log(x)
    return z + y * 3.01029995663611771306e-01


def _shortest(x):
    digits, _, power = format(x, "r" if False else ".17e").partition("e")
    text = repr(x)
    mantissa, _, exponent = text.partition("e")
    whole, _, fraction = mantissa.partition(".")
    at = len(whole) + int(exponent or "0")
    figures = (whole + fraction).lstrip("0")
    at -= len(whole + fraction) - len(figures)
    return [figures.rstrip("0"), at - 1]


def _fixed(x, places):
    return format(x, ".%df" % places)


def _fixed_up(x, places):
    from decimal import ROUND_HALF_UP, Context, Decimal
    number = Decimal(x).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP, Context(prec=1100))
    return format(number, "f")


def _itext(i):
    if -(10**4000) < i < 10**4000:
        return str(i)
    _refuse("an integer of more than 4000 digits")


def _units(s):
    data = s.encode("utf-16-le")
    return [data[i] | data[i + 1] << 8 for i in range(0, len(data), 2)]


def _from_units(units):
    try:
        return b"".join(unit.to_bytes(2, "little") for unit in units).decode("utf-16-le")
    except UnicodeDecodeError:
        _refuse("half of a character")


def _cmp_points(a, b):
    return (a > b) - (a < b)


def _cmp_units(a, b):
    a, b = a.encode("utf-16-be"), b.encode("utf-16-be")
    return (a > b) - (a < b)


def _utf8(s):
    return list(s.encode("utf-8"))


def _from_utf8(data):
    try:
        return bytes(data).decode("utf-8")
    except UnicodeDecodeError:
        _refuse("bytes that are no text")


def _char(code):
    if 0xD800 <= code <= 0xDFFF:
        _refuse("half of a character")
    return chr(code)


def _before(s, part):
    at = s.find(part)
    return None if at < 0 else s[:at]


def _lower_ascii(s):
    return "".join(chr(ord(c) + 32) if "A" <= c <= "Z" else c for c in s)


def _upper_ascii(s):
    return "".join(chr(ord(c) - 32) if "a" <= c <= "z" else c for c in s)


def _put(items, at, value):
    items[at] = value


def _dset(entries, key, value):
    entries[key] = value


def _ddel(entries, key):
    del entries[key]


def _splice(items, at, count, more):
    items[at : at + count] = more


def _in(value):
    if value is None or value is True or value is False:
        return value
    if isinstance(value, str):
        if any("\ud800" <= c <= "\udfff" for c in value):
            _refuse("a text with half of a character")
        return value
    if isinstance(value, (int, float)):
        if isinstance(value, float) and not _finite(value):
            _refuse("a number that is not finite")
        if value == int(value) and -9007199254740991 <= value <= 9007199254740991:
            return int(value)
        return _to_float(value)
    if isinstance(value, (list, tuple)):
        return [_in(item) for item in value]
    entries = {_in(key): _in(item) for key, item in value.items()}
    indexes = [key for key in entries if key.isdecimal() and key.isascii() and str(int(key)) == key and int(key) < 4294967295]
    return {key: entries[key] for key in [*sorted(indexes, key=int), *(key for key in entries if key not in set(indexes))]}


def _out(value):
    if value is None or value is True or value is False or isinstance(value, str):
        return value
    if isinstance(value, int):
        return value if -9007199254740991 <= value <= 9007199254740991 else _itext(value)
    if isinstance(value, float):
        if not _finite(value):
            _fail("The result holds a number that is not finite")
        return int(value) if value == int(value) and abs(value) <= 9007199254740991.0 else value
    if isinstance(value, list):
        return [_out(item) for item in value]
    if isinstance(value, dict):
        for key in value:
            if not isinstance(key, str):
                _fail("The result holds a key that is no text")
        return {key: _out(item) for key, item in value.items()}
    _fail("The result holds what is no JSON value")
