# Takes the names of JavaScript away from agents: a second line of defence, since workerd has nothing behind them.
import sys
from types import ModuleType, SimpleNamespace

_NAMES = ("js", "pyodide_js", "_pyodide_core")
_PACKAGES = ("pyodide", "_pyodide", "micropip")


class Refuser:
    """First in sys.meta_path."""

    @staticmethod
    def find_spec(name, path=None, target=None):
        top = name.partition(".")[0]
        if top in _NAMES or top in _PACKAGES:
            raise ModuleNotFoundError(f"No module named {name!r}: agents have no JavaScript", name=name)
        return None


def unlink():
    # The garbage collector would show it to anybody.
    sys.modules["_pyodide._importhook"].jsfinder.jsproxies.clear()
    for name in list(sys.modules):
        top = name.partition(".")[0]
        if top in _NAMES or top in _PACKAGES:
            del sys.modules[name]
    _stand_in()
    sys.meta_path[:] = [finder for finder in sys.meta_path if not type(finder).__module__.startswith("_pyodide")]
    sys.meta_path.insert(0, Refuser)


def _stand_in():
    """What Pyodide's event loop imports each time: one setting."""
    outer, inner = ModuleType("pyodide_js"), ModuleType("pyodide_js._api")
    inner.config = SimpleNamespace(enableRunUntilComplete=True)
    outer._api = inner
    sys.modules.update({outer.__name__: outer, inner.__name__: inner})
