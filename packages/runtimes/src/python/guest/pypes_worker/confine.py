# What a worker in the sandbox gives up before it reads anything of an agent: programs, processes, memory without end.
import _thread
import os
import resource
import sys

from . import channel, folders
from .confinement import Confinement

_get = resource.getrlimit
_set = resource.setrlimit

DESCRIPTORS = 128
LAST_DESCRIPTOR = 65_536
#: Bounds threads, too, unless the host runs as root: there the host's own look does.
TASKS = 64
THREAD_STACK = 2 * 1024 * 1024
#: What the interpreter and the worker themselves take of the address space.
OWN_MEMORY = 48 * 1024 * 1024
#: Until it knows its file; all that a worker may use that only reads files.
READING_MEMORY = 768 * 1024 * 1024
#: For telling that memory has run out.
LAST_MEMORY = 16 * 1024 * 1024

_PR_SET_SECCOMP = 22
_SECCOMP_MODE_FILTER = 2


def add_what_site_adds():
    """The module site is not run, since packages can make it run code; these names are all that agents know of it."""
    import _sitebuiltins
    import builtins

    builtins.exit = _sitebuiltins.Quitter("exit", "")
    builtins.quit = _sitebuiltins.Quitter("quit", "")


def enter(folder, filter_path, packages):
    """Must come before any agent code. `packages` are folders to import from, after the standard library."""
    # What the host's own parent left open when it started the host.
    os.closerange(channel.REQUESTS + 1, LAST_DESCRIPTOR)
    Confinement.folder = folder
    Confinement.empty_size = os.stat(folder).st_size
    for name, value in (
        ("NOFILE", DESCRIPTORS), ("NPROC", TASKS), ("CORE", 0), ("MSGQUEUE", 0), ("MEMLOCK", 0), ("SIGPENDING", 64),
        ("RTPRIO", 0),
    ):
        _lower(getattr(resource, f"RLIMIT_{name}"), value)
    _set(resource.RLIMIT_AS, (READING_MEMORY, _get(resource.RLIMIT_AS)[1]))
    _thread.stack_size(THREAD_STACK)
    sys.path.extend(packages)
    folders.keep_path()
    _refuse_programs(filter_path)
    from . import network

    network.install()


def limit_memory(size):
    """Once, before the agent's code is loaded; a worker serves one file only."""
    if Confinement.memory is None:
        Confinement.memory = size
        most = OWN_MEMORY + size
        _set(resource.RLIMIT_AS, (most, most + LAST_MEMORY))


def give_last_memory():
    """So that the worker can still say that the agent has used up all."""
    hard = _get(resource.RLIMIT_AS)[1]
    _set(resource.RLIMIT_AS, (hard, hard))


def _lower(kind, value):
    hard = _get(kind)[1]
    most = value if hard == resource.RLIM_INFINITY else min(value, hard)
    _set(kind, (most, most))


def _refuse_programs(filter_path):
    """A second filter: bubblewrap's own had to let the interpreter start."""
    import _ctypes

    with open(filter_path, "rb") as file:
        program = file.read()
    address = id(program) + bytes.__basicsize__ - 1
    header = (len(program) // 8).to_bytes(2, "little") + bytes(6) + address.to_bytes(8, "little")
    prctl = _ctypes.dlsym(_ctypes.dlopen(None, 0), "prctl")
    if _ctypes.call_function(prctl, (_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, header)) != 0:
        raise OSError("The system refuses the filter that keeps the sandbox from starting programs")
