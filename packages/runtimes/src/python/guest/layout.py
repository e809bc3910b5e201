# Says, as JSON, which files of this machine the interpreter that runs it is made of: nothing else enters the sandbox.
# Run outside of it, once: layout.py WORKER-FOLDER ITS-NAME-INSIDE CACHE compiles the worker for all sandboxes, too.
import json
import os
import py_compile
import site
import struct
import sys
import sysconfig

#: Modules whose libraries an agent may need: what they load is looked up once, here.
EXTENSIONS = ("_ssl", "_sqlite3", "_ctypes", "_bz2", "_lzma", "zlib", "_decimal", "_hashlib", "pyexpat", "readline", "_uuid")
SYSTEM = ("/lib", "/lib64", "/usr/lib", "/usr/lib64")

real = os.path.realpath


def main(worker, inside, cache):
    compile_worker(worker, inside, cache)
    executable = real(getattr(sys, "_base_executable", None) or sys.executable)
    # A virtual environment has packages of its own, and the standard library of what it was made from.
    bases = {"base": sys.base_prefix, "platbase": sys.base_exec_prefix}
    folders = {real(sysconfig.get_path(name, vars=bases)) for name in ("stdlib", "platstdlib")}
    folders.update(entry for entry in map(real, sys.path) if is_standard(entry))
    files = {executable: executable}
    loader = find_loader(executable)
    if loader:
        files[loader] = real(loader)
    for library in find_libraries():
        folder = os.path.dirname(library)
        if folder in SYSTEM or os.path.dirname(folder) in SYSTEM:
            folders.add(folder)
        else:
            files.update((alias, library) for alias in aliases(library))
    outer = sorted(folder for folder in folders if not is_inside(folder, folders))
    print(json.dumps({
        "executable": executable,
        "folders": outer,
        "files": {name: source for name, source in files.items() if not is_inside(name, outer)},
        "packages": [real(folder) for folder in site.getsitepackages() if os.path.isdir(folder)],
        "links": {name: os.readlink(name) for name in ("/lib", "/lib64") if leads_into(name, outer)},
    }))


def compile_worker(worker, inside, cache):
    """The worker cannot write its bytecode anywhere: it finds it in the cache, under the name that it has inside."""
    sys.pycache_prefix = cache
    for folder, _, names in os.walk(worker):
        for name in names:
            if name.endswith(".py"):
                source = os.path.join(folder, name)
                named = inside + source[len(worker):]
                place = __import__("importlib.util").util.cache_from_source(named)
                py_compile.compile(source, cfile=place, dfile=named)
    sys.pycache_prefix = None


def is_standard(entry):
    """Whether it is a folder of the standard library that lies elsewhere, as in some distributions."""
    return os.path.basename(entry) == "lib-dynload" and os.path.isdir(entry)


def is_inside(path, folders):
    return any(path.startswith(folder + os.sep) for folder in folders)


def leads_into(name, folders):
    return os.path.islink(name) and (real(name) in folders or any(is_inside(folder, [real(name)]) for folder in folders))


def find_libraries():
    for name in EXTENSIONS:
        try:
            __import__(name)
        except ImportError:
            pass
    with open("/proc/self/maps", encoding="utf-8") as maps:
        paths = {line.split(None, 5)[5].rstrip("\n") for line in maps if "/" in line.split(None, 5)[-1]}
    return sorted(real(path) for path in paths if ".so" in os.path.basename(path) and os.path.isfile(path))


def aliases(library):
    """The names under which the loader looks for a library: its own, and links beside it."""
    folder = os.path.dirname(library)
    names = [os.path.join(folder, name) for name in os.listdir(folder) if ".so" in name]
    return [name for name in names if real(name) == library]


def find_loader(executable):
    """The program interpreter that an ELF file names."""
    with open(executable, "rb") as file:
        head = file.read(64)
        if head[:5] != b"\x7fELF\x02":
            return None
        (start,) = struct.unpack_from("<Q", head, 32)
        size, count = struct.unpack_from("<HH", head, 54)
        for index in range(count):
            file.seek(start + index * size)
            entry = file.read(size)
            if struct.unpack_from("<I", entry)[0] == 3:
                (offset,) = struct.unpack_from("<Q", entry, 8)
                (length,) = struct.unpack_from("<Q", entry, 32)
                file.seek(offset)
                return file.read(length).rstrip(b"\0").decode()
    return None


main(*sys.argv[1:4])
