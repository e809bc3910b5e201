# One HTTP/1.1 request that a library writes, made by context.fetch, and the answer as bytes for the library to read.
import errno

from . import state
from .requests import ask

_LONGEST_HEAD = 256 * 1024
#: Said by this connection itself, not by the far one.
_OWN_HEADERS = ("connection", "keep-alive", "transfer-encoding", "content-length")
_SCHEMES = {80: "http", 443: "https"}


class Exchange:
    """Bytes in, bytes out; each connection carries one request."""

    def __init__(self):
        self.address = None
        self._is_secure = False
        self._sent = bytearray()
        self._answer = None
        self._at = 0

    def connect(self, host, port):
        self.address = (host, port)

    def secure(self):
        self._is_secure = True

    def write(self, data):
        if self._answer is not None:
            raise BrokenPipeError(errno.EPIPE, "Each connection of the sandbox carries one request; open another one")
        self._sent += data

    def read(self, size):
        if self._answer is None:
            self._answer = self._fetch()
        data = self._answer[self._at : self._at + size]
        self._at += len(data)
        return bytes(data)

    def _fetch(self):
        method, target, headers, body = _parse(self._sent)
        parameters = {"url": self._url(target), "method": method, "headers": headers}
        if body:
            from .content import to_body

            parameters.update(to_body(body, ""))
        call = state.State.call
        if call is None or call.loading:
            raise OSError(errno.EPERM, "The network belongs to a call: it is not there while the file is being loaded")
        try:
            return _format(method, ask(call, "fetch", parameters))
        except RuntimeError as error:
            raise OSError(errno.EPERM, str(error)) from error
        except Exception as error:
            if getattr(error, "code", None) is None:
                raise
            number = errno.ETIMEDOUT if error.code == "timeout" else errno.EACCES
            kind = TimeoutError if error.code == "timeout" else PermissionError
            raise kind(number, f"{error.code}: {error}") from error

    def _url(self, target):
        if self.address is None:
            raise OSError(errno.ENOTCONN, "The socket is not connected")
        host, port = self.address
        if not target.startswith("/"):
            raise OSError(errno.EPERM, f"Proxies do not work in the sandbox: ask for the address itself, not {target!r}")
        scheme = "https" if self._is_secure else "http"
        place = f"[{host}]" if ":" in host else host
        number = "" if _SCHEMES.get(port) == scheme else f":{port}"
        return f"{scheme}://{place}{number}{target}"


def _parse(sent):
    head, end, body = bytes(sent).partition(b"\r\n\r\n")
    if not end or len(head) > _LONGEST_HEAD:
        raise OSError(errno.EPERM, "Only HTTP/1.1 goes out of the sandbox, and this is no whole request of it; use context.fetch")
    first, *lines = head.decode("latin-1").split("\r\n")
    words = first.split(" ")
    if len(words) != 3 or not words[2].startswith("HTTP/1."):
        raise OSError(errno.EPERM, f"Only HTTP/1.1 goes out of the sandbox, and {first[:60]!r} is none")
    headers = {}
    for line in lines:
        name, _, value = line.partition(":")
        headers[name.strip().lower()] = value.strip()
    if headers.get("transfer-encoding", "").lower() == "chunked":
        body = _join_chunks(body)
    for name in ("host", "expect", "accept-encoding", *_OWN_HEADERS):
        headers.pop(name, None)
    return words[0], words[1], headers, body


def _join_chunks(body):
    parts = []
    while body:
        size, _, body = body.partition(b"\r\n")
        length = int(size.split(b";")[0] or b"0", 16)
        if length == 0:
            break
        parts.append(body[:length])
        body = body[length + 2 :]
    return b"".join(parts)


def _format(method, answer):
    from .content import Content

    body = Content(answer).bytes
    lines = [f"HTTP/1.1 {answer['status']} {answer.get('status_text', '')}"]
    lines += [f"{name}: {value}" for name, value in answer["headers"] if name.lower() not in _OWN_HEADERS]
    lines += ["Connection: close"]
    if method != "HEAD" and answer["status"] not in (204, 304):
        lines.append(f"Content-Length: {len(body)}")
    return memoryview("\r\n".join([*lines, "", ""]).encode("latin-1", "replace") + body)
