# What an agent has left on the event loop: in Pyodide it would go on between calls.
import sys

_scheduled = set()


def watch():
    """Once, in the snapshot: notes each callback from when it is scheduled until it runs."""
    webloop = sys.modules["pyodide.webloop"]
    make = webloop.create_once_callable

    def make_noted(run, **options):
        handle = run.__closure__[run.__code__.co_freevars.index("h")].cell_contents

        def run_noted():
            _scheduled.discard(handle)
            run()

        _scheduled.add(handle)
        return make(run_noted, **options)

    webloop.create_once_callable = make_noted


def end():
    """Cancels what is left; returns whether there was something."""
    left = [handle for handle in _scheduled if not handle.cancelled()]
    for handle in left:
        handle.cancel()
    _scheduled.clear()
    return bool(left)
