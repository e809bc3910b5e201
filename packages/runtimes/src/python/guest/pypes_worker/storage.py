# The storage managers that real agent files import: all of them keep everything in the memory of the call in progress.
import base64
import re

from .document import open_document
from .state import current_call

_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


class MemoryStorage:
    """Arguments of the constructor (account names, containers) are of no use here and are ignored."""

    def __init__(self, *args, **kwargs):
        self.current_guid = None

    def set_memory_context(self, guid=None):
        """This call's own memory, whoever it belongs to; that of another user is refused."""
        asked = guid.strip().lower() if isinstance(guid, str) else ""
        own = current_call().context.user_guid
        if _UUID.fullmatch(asked) and asked != own:
            caller = f'the user "{own}"' if own else "no user, and uses the shared memory of its pack"
            raise PermissionError(
                f'The memory of the user "{asked}" is not open to this call: it was made for {caller}. '
                "Call set_memory_context(None) for the memory of this call, or make the call as that user"
            )
        self.current_guid = own
        return True

    def read_json(self, *_ignored):
        document = open_document(current_call())
        document.sync()
        return document.copy()

    def write_json(self, data, *_ignored):
        document = open_document(current_call())
        document.replace(data)
        return True

    def read_file(self, directory, name):
        content = _files().get(_key(directory, name))
        if isinstance(content, dict):
            return base64.b64decode(content["base64"])
        return content

    def write_file(self, directory, name, content):
        if isinstance(content, (bytes, bytearray, memoryview)):
            content = {"base64": base64.b64encode(bytes(content)).decode("ascii")}
        elif not isinstance(content, str):
            raise TypeError(f"write_file takes str or bytes, got {type(content).__name__}")
        _files()[_key(directory, name)] = content
        _commit()
        return True

    def list_files(self, directory=""):
        folder = _clean(directory)
        prefix = f"{folder}/" if folder else ""
        return sorted(key[len(prefix) :] for key in _files() if key.startswith(prefix))

    def file_exists(self, directory, name):
        return _key(directory, name) in _files()

    def delete_file(self, directory, name):
        if _files().pop(_key(directory, name), None) is None:
            return False
        _commit()
        return True

    def ensure_directory_exists(self, *_ignored):
        """Folders need no making."""
        return True


class AzureFileStorageManager(MemoryStorage):
    pass


class DynamicsStorageManager(MemoryStorage):
    pass


def get_storage_manager(*args, **kwargs):
    return AzureFileStorageManager()


def get_dynamics_storage_manager(*args, **kwargs):
    return DynamicsStorageManager()


def _files():
    return open_document(current_call()).files


def _commit():
    document = open_document(current_call())
    document.sync()
    document.commit()


def _key(directory, name):
    folder = _clean(directory)
    return f"{folder}/{_clean(name)}" if folder else _clean(name)


def _clean(part):
    return "/".join(step for step in str(part or "").replace("\\", "/").split("/") if step not in ("", "."))
