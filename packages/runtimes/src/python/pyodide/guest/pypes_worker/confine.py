# How much memory an agent may have: JavaScript lets the WebAssembly memory grow no further.
from .confinement import Confinement

#: For telling that memory has run out.
LAST_MEMORY = 8 * 1024 * 1024

_limit = None


def connect(link):
    global _limit
    _limit = link.limit


def limit_memory(size):
    """Once, before the agent's code is loaded; this Python serves one file only."""
    if Confinement.memory is None:
        Confinement.memory = size
        _limit(size)


def give_last_memory():
    _limit(LAST_MEMORY)
