# Whether what a file imports at its top level is there: found by name, never by importing it.
import os
import sys
from importlib.util import find_spec

from .provided import MODULES, PACKAGES


class Packages:
    """Whether it is still to be found out where packages lie: a worker that only reads files starts without."""

    are_late = False


_found = set(sys.builtin_module_names) | set(sys.modules)


def find_missing(scope, folder):
    """(module, line) of the first import that cannot work, else None."""
    for statement in scope.imports:
        if hasattr(statement, "module"):
            if statement.level:
                continue
            names = [statement.module]
        else:
            names = [alias.name for alias in statement.names]
        for name in names:
            if not _is_there(name, folder):
                return name, statement.lineno
    return None


def _is_there(name, folder):
    top = name.partition(".")[0]
    if top in _found:
        return True
    if folder is not None and _is_sibling(top, folder):
        return True
    if name in MODULES or name in PACKAGES:
        return True
    try:
        spec = _find(top)
    except (ImportError, ValueError):
        return False
    if spec is None or spec.origin == "provided by Pypes":
        return False
    _found.add(top)
    return True


def _find(top):
    spec = find_spec(top)
    if spec is None and Packages.are_late:
        Packages.are_late = False
        import site

        site.main()
        spec = find_spec(top)
    return spec


def _is_sibling(top, folder):
    place = os.path.join(folder, top)
    return os.path.isfile(f"{place}.py") or os.path.isdir(place) or _has_extension(top, folder)


def _has_extension(top, folder):
    from importlib.machinery import EXTENSION_SUFFIXES

    return any(os.path.isfile(os.path.join(folder, top + suffix)) for suffix in EXTENSION_SUFFIXES)
