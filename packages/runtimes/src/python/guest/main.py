# Starts a worker: imports what every call needs, then serves the host until it goes away.
import sys

# The children of multiprocessing import this file under another name.
if __name__ == "__main__":
    sys.pycache_prefix = sys.argv[1]
    from pypes_worker import serve

    sys.pycache_prefix = None
    # An agent's siblings may change twice within the second that a .pyc remembers: they are compiled anew.
    sys.dont_write_bytecode = True
    sys.path.pop(0)
    serve.main(token=sys.argv[2], home=sys.argv[1])
