# A socket class whose stream connections are requests of context.fetch; whatever else one does with sockets is refused.
import errno

from .exchange import Exchange

ADVICE = "in the sandbox only HTTP requests leave, through context.fetch, urllib, http.client or requests"


def refuse(what):
    return PermissionError(errno.EPERM, f"{what} is not possible: {ADVICE}")


def change(module):
    """Puts the class, and resolving of names that resolves nothing, into the module `socket`."""
    real = module.socket
    streams = (0, module.SOCK_STREAM)

    class socket(real):
        """Real for pairs alone."""

        is_fetching = False

        def __init__(self, family=-1, type=-1, proto=-1, fileno=None):
            if fileno is not None:
                real.__init__(self, family, type, proto, fileno)
                return
            family = module.AF_INET if family == -1 else family
            type = module.SOCK_STREAM if type == -1 else type
            if family not in (module.AF_INET, module.AF_INET6) or type & 15 not in streams:
                raise refuse(f"A socket of the family {family!s} and the type {type!s}")
            real.__init__(self, fileno=_placeholder())
            self.is_fetching = True
            self._exchange = Exchange()
            self._timeout = module.getdefaulttimeout()

        @property
        def family(self):
            return module.AF_INET if self.is_fetching else real.family.__get__(self)

        @property
        def type(self):
            return module.SOCK_STREAM if self.is_fetching else real.type.__get__(self)

        def secure(self):
            self._exchange.secure()

        def connect(self, address):
            if not self.is_fetching:
                raise refuse("Connecting a socket")
            self._exchange.connect(address[0], address[1])

        def connect_ex(self, address):
            self.connect(address)
            return 0

        def send(self, data, flags=0):
            if not self.is_fetching:
                return real.send(self, data, flags)
            self._exchange.write(bytes(data))
            return len(memoryview(data).cast("B"))

        def sendall(self, data, flags=0):
            if not self.is_fetching:
                return real.sendall(self, data, flags)
            self._exchange.write(bytes(data))
            return None

        def recv(self, size, flags=0):
            if not self.is_fetching:
                return real.recv(self, size, flags)
            return self._exchange.read(size)

        def recv_into(self, buffer, nbytes=0, flags=0):
            if not self.is_fetching:
                return real.recv_into(self, buffer, nbytes, flags)
            data = self._exchange.read(nbytes or len(buffer))
            buffer[: len(data)] = data
            return len(data)

        def settimeout(self, value):
            if not self.is_fetching:
                return real.settimeout(self, value)
            if value is not None and value <= 0:
                raise refuse("A socket that does not block")
            self._timeout = value
            return None

        def setblocking(self, flag):
            if not self.is_fetching:
                return real.setblocking(self, flag)
            return self.settimeout(None if flag else 0)

        def gettimeout(self):
            return self._timeout if self.is_fetching else real.gettimeout(self)

        def setsockopt(self, *args):
            return None if self.is_fetching else real.setsockopt(self, *args)

        def getsockopt(self, *args):
            return 0 if self.is_fetching else real.getsockopt(self, *args)

        def shutdown(self, how):
            return None if self.is_fetching else real.shutdown(self, how)

        def getpeername(self):
            return self._exchange.address if self.is_fetching else real.getpeername(self)

        def getsockname(self):
            return ("0.0.0.0", 0) if self.is_fetching else real.getsockname(self)

        def getpeercert(self, binary_form=False):
            return b"" if binary_form else {}

        def bind(self, address):
            raise refuse("Binding a socket")

        def listen(self, backlog=0):
            raise refuse("Listening")

    def getaddrinfo(host, port, family=0, type=0, proto=0, flags=0):
        """The name itself stands for its address: the host resolves it."""
        if not host:
            raise module.gaierror(module.EAI_FAIL, f"There are no addresses of this machine: {ADVICE}")
        name = host.decode("ascii") if isinstance(host, bytes) else host
        number = {"http": 80, "https": 443, None: 0}.get(port, port)
        return [(module.AF_INET, module.SOCK_STREAM, module.IPPROTO_TCP, "", (name, int(number)))]

    def resolve(*args, **kwargs):
        raise module.gaierror(module.EAI_FAIL, f"Names are resolved by the host alone: {ADVICE}")

    socket.__qualname__ = "socket"
    socket.__module__ = "socket"
    module.socket = module.SocketType = socket
    module.getaddrinfo = getaddrinfo
    for name in ("gethostbyname", "gethostbyname_ex", "gethostbyaddr", "getnameinfo"):
        setattr(module, name, resolve)


def _placeholder():
    """A descriptor that is this socket's own, for the code that looks at one: half of a pair, already at its end."""
    import _socket

    own, other = _socket.socketpair()
    other.close()
    return own.detach()
