# Host-provided modules: the spellings that real agent files import, found only where nothing else has the name.
import importlib
import sys
from importlib.machinery import ModuleSpec

_BASIC = ("basic_agent", ("BasicAgent",))
_STORAGE = ("storage", ("AzureFileStorageManager", "get_storage_manager", "DynamicsStorageManager",
                        "get_dynamics_storage_manager"))

MODULES = {
    "basic_agent": _BASIC,
    "agents.basic_agent": _BASIC,
    "openrappter.agents.basic_agent": _BASIC,
    "utils.azure_file_storage": _STORAGE,
    "utils.storage_factory": _STORAGE,
    "utils.dynamics_storage": _STORAGE,
}
PACKAGES = frozenset(("agents", "openrappter", "openrappter.agents", "utils"))


def import_own(name):
    """Imports a module of the worker itself that few calls need."""
    return importlib.import_module(f"pypes_worker.{name}")


class Finder:
    """Last in sys.meta_path: a real module of that name, beside the agent or installed, comes first."""

    @staticmethod
    def find_spec(name, path=None, target=None):
        if name in MODULES:
            return ModuleSpec(name, Loader(), origin="provided by Pypes")
        if name in PACKAGES:
            return ModuleSpec(name, Loader(), origin="provided by Pypes", is_package=True)
        return None


class Loader:
    @staticmethod
    def create_module(spec):
        return None

    @staticmethod
    def exec_module(module):
        own = MODULES.get(module.__name__)
        if own is None:
            return
        source = import_own(own[0])
        for name in own[1]:
            setattr(module, name, getattr(source, name))


def forget():
    """Lets the next import find real modules of these names first: another folder may have some."""
    for name in (*MODULES, *PACKAGES):
        if isinstance(getattr(getattr(sys.modules.get(name), "__spec__", None), "loader", None), Loader):
            del sys.modules[name]


def install():
    sys.meta_path.append(Finder)
