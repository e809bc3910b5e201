# In the sandbox, Python's own network libraries go through context.fetch: `socket` and `ssl` are changed as they are imported.
import sys
from importlib.machinery import PathFinder


class Finder:
    """First in sys.meta_path: lets the real module run, then changes it."""

    @staticmethod
    def find_spec(name, path=None, target=None):
        if name not in ("socket", "ssl"):
            return None
        spec = PathFinder.find_spec(name, path, target)
        if spec is not None:
            spec.loader = Loader(spec.loader)
        return spec


class Loader:
    def __init__(self, real):
        self._real = real

    def __getattr__(self, name):
        return getattr(self._real, name)

    def create_module(self, spec):
        return self._real.create_module(spec)

    def exec_module(self, module):
        self._real.exec_module(module)
        if module.__name__ == "socket":
            from . import fetch_socket

            fetch_socket.change(module)
        else:
            _change_ssl(module)


def install():
    sys.meta_path.insert(0, Finder)


def _change_ssl(module):
    """The host speaks TLS: a connection that is wrapped only remembers that it has to."""
    wrap = module.SSLContext.wrap_socket

    def wrap_socket(self, sock, *args, **kwargs):
        if not getattr(sock, "is_fetching", False):
            return wrap(self, sock, *args, **kwargs)
        sock.secure()
        return sock

    module.SSLContext.wrap_socket = wrap_socket
