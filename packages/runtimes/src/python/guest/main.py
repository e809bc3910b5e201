# Starts a worker: imports what every call needs, then serves the host until it goes away.
import sys
from importlib.machinery import FileFinder, SourceFileLoader

HOME = sys.argv[1] if len(sys.argv) > 1 else None


class OwnLoader(SourceFileLoader):
    """Keeps the worker's own bytecode in the runtime's private folder, and none beside anything else.

    An agent's siblings may change twice within the second that a .pyc remembers: they are always compiled anew.
    """

    def get_code(self, name):
        sys.pycache_prefix = HOME
        sys.dont_write_bytecode = False
        try:
            return super().get_code(name)
        finally:
            sys.pycache_prefix = None
            sys.dont_write_bytecode = True


# The children of multiprocessing import this file under another name.
if __name__ == "__main__":
    sys.dont_write_bytecode = True
    own = sys.path[0]
    for folder in (own, f"{own}/pypes_worker"):
        sys.path_importer_cache[folder] = FileFinder(folder, (OwnLoader, [".py"]))
    from pypes_worker import serve

    sys.path.pop(0)
    serve.main(token=sys.argv[2], home=HOME)
