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
    # In the sandbox: a folder to write to, a filter of system calls, and folders of packages.
    is_confined = len(sys.argv) > 4
    if is_confined:
        from pypes_worker import confine

        confine.add_what_site_adds()
    elif sys.flags.no_site:
        from pypes_worker import needs

        needs.Packages.are_late = True
    from pypes_worker import serve

    sys.path.pop(0)
    if is_confined:
        confine.enter(sys.argv[3], sys.argv[4], sys.argv[5:])
    serve.main(token=sys.argv[2], home=sys.argv[3] if is_confined else HOME, is_shared=not is_confined)
