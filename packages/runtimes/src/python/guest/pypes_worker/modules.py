# The agent files of this worker: their text comes from the host, each version becomes a module of its own.
import sys
from importlib.machinery import ModuleSpec

from . import checks, environ, failure, folders, provided
from .shapes import find_agents


class AgentFile:
    """One version of one file: `key` is the host's name for it; its calls may log and return so much."""

    __slots__ = (
        *("key", "path", "source", "folder", "location", "agents", "module_name", "touches_memory"),
        *("lines", "length", "bytes"),
    )

    def __init__(self, message):
        self.key = message["key"]
        self.path = message["path"]
        self.source = message["source"]
        self.folder = message.get("folder")
        self.location = message.get("location")
        self.lines = message["lines"]
        self.length = message["length"]
        self.bytes = message["bytes"]
        self.agents = None
        self.module_name = None
        self.touches_memory = "BRAINSTEM_MEMORY_PATH" in self.source

    def is_own(self, filename):
        """Whether a frame of that file name belongs to the agent: its file or a sibling."""
        return filename == self.path or (self.folder is not None and filename.startswith(f"{self.folder}/"))


class SourceLoader:
    """Lets tracebacks and inspect find the text that was really loaded."""

    def __init__(self, file):
        self._source = file.source

    def create_module(self, spec):
        return None

    def exec_module(self, module):
        """The worker runs the module itself."""

    def get_source(self, name):
        return self._source


files = {}
_count = 0


def add(message):
    if "memory" in message:
        from . import confine

        confine.limit_memory(message["memory"])
    files[message["key"]] = AgentFile(message)


def remove(key):
    file = files.pop(key, None)
    if file is not None:
        _unload(file)
        if failure.sources.get(file.path) is file.source:
            del failure.sources[file.path]


def enter(key):
    """The file with its agents loaded and the siblings of its folder in reach; `load` has to follow where not loaded."""
    file = files[key]
    folder = folders.enter(file.folder)
    if folder is not None and folder.stamps and folder.has_changed():
        folder.forget()
        for other in files.values():
            if other.folder == file.folder:
                _unload(other)
    return file


def load(file):
    """Runs the module and finds its agents; whatever it raises is the file's fault."""
    global _count
    _count += 1
    stem = file.path.replace("\\", "/").rpartition("/")[2].partition(".")[0]
    name = f"{stem}__pypes{_count}"
    spec = ModuleSpec(name, SourceLoader(file), origin=file.path)
    module = type(sys)(name)
    module.__spec__ = spec
    module.__loader__ = spec.loader
    module.__file__ = file.location or file.path
    failure.sources[file.path] = file.source
    linecache = sys.modules.get("linecache")
    if linecache is not None:
        linecache.cache[file.path] = (len(file.source), None, file.source.splitlines(True), file.path)
    sys.modules[name] = module
    folders.own.add(name)
    provided.forget()
    environ.Touched.flag = False
    try:
        exec(compile(file.source, file.path, "exec", dont_inherit=True), vars(module))
        agents = {agent[0]: agent for agent in find_agents(module)}
    except BaseException:
        _remove_module(name)
        raise
    finally:
        checks.restore_builtins()
        folders.note_imports(certainly=True)
        folders.keep_path()
        environ.keep()
        checks.remember()
    file.touches_memory = file.touches_memory or environ.Touched.flag
    file.module_name = name
    file.agents = agents


def _unload(file):
    if file.module_name is not None:
        _remove_module(file.module_name)
    file.module_name = None
    file.agents = None


def _remove_module(name):
    sys.modules.pop(name, None)
    folders.own.discard(name)
