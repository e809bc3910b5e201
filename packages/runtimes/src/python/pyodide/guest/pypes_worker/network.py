# Python's own network libraries go through context.fetch: the module `socket`, which asyncio has imported already, is changed.
import _socket
import socket

from . import fetch_socket


class Plain(socket.socket):
    """Told what a descriptor is, since Pyodide cannot find out."""

    def __init__(self, family=-1, type=-1, proto=-1, fileno=None):
        super().__init__(socket.AF_INET, socket.SOCK_STREAM, 0, fileno)


def install():
    fetch_socket._placeholder = _make_placeholder
    socket.socket = Plain
    fetch_socket.change(socket)


def _make_placeholder():
    """A descriptor that is this socket's own, for the code that looks at one; Pyodide knows no pairs."""
    return _socket.socket().detach()
