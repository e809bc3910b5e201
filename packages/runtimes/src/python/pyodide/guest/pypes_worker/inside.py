# The worker's start inside Pyodide: everything that needs no host goes into the snapshot, the rest follows after it.
import importlib
import pkgutil
import sys

#: Modules that agents and the worker often import: part of the snapshot.
_COMMON = (
    "ast", "asyncio", "base64", "collections", "csv", "dataclasses", "datetime", "decimal", "enum", "faulthandler",
    "functools", "hashlib", "html", "inspect", "itertools", "json", "linecache", "logging", "math", "pathlib", "random",
    "re", "statistics", "string", "textwrap", "time", "traceback", "typing", "unicodedata", "urllib.parse", "uuid",
)
HOME = "/home/pyodide"


def prepare():
    """Runs once for all workers: nothing here may hold anything of JavaScript."""
    package = importlib.import_module("pypes_worker")
    for module in pkgutil.iter_modules(package.__path__):
        try:
            importlib.import_module(f"pypes_worker.{module.name}")
        except ImportError:
            # What only a real operating system has: modules that are not used here.
            pass
    for name in _COMMON:
        importlib.import_module(name)
    from . import leftovers, network

    leftovers.watch()
    network.install()


def serve(link):
    from pyodide.ffi import run_sync, to_js

    from . import channel, confine, serve, unlink

    channel.connect(link, run_sync, to_js)
    confine.connect(link)
    # All workers come from one snapshot: each needs randomness of its own.
    sys.modules["random"].seed()
    unlink.unlink()
    serve.main(token="", home=HOME)
