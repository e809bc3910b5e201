def _stand_in():
    """What hosts provide to files in the class shape, for when there is no host."""
    import json
    import os
    import sys
    import types

    class BasicAgent:
        def __init__(self, name=None, metadata=None):
            self.name = name if name is not None else getattr(self, "name", type(self).__name__)
            self.metadata = metadata if metadata is not None else getattr(self, "metadata", {})

        def perform(self, **kwargs):
            raise NotImplementedError

    class StorageManager:
        path = os.environ.get("PYPES_MEMORY")
        memory = {}

        def set_memory_context(self, guid=None):
            return True

        def read_json(self):
            if self.path and os.path.exists(self.path):
                with open(self.path, encoding="utf-8") as file:
                    return json.load(file)
            return json.loads(json.dumps(self.memory))

        def write_json(self, data):
            type(self).memory = data
            if self.path:
                with open(self.path + ".new", "w", encoding="utf-8") as file:
                    json.dump(data, file)
                os.replace(self.path + ".new", self.path)
            return True

        def __getattr__(self, name):
            raise RuntimeError(f"{name} of the storage manager needs a host; run this file in Pypes")

    def provide(name, **members):
        parts = name.split(".")
        for size in range(1, len(parts) + 1):
            path = ".".join(parts[:size])
            module = sys.modules.setdefault(path, types.ModuleType(path))
            module.__path__ = []
            if size > 1:
                setattr(sys.modules[".".join(parts[: size - 1])], parts[size - 1], module)
        for key, value in members.items():
            setattr(sys.modules[name], key, value)

    for name in ("agents.basic_agent", "basic_agent", "openrappter.agents.basic_agent"):
        provide(name, BasicAgent=BasicAgent)
    provide("utils.azure_file_storage", AzureFileStorageManager=StorageManager)
    provide("utils.storage_factory", get_storage_manager=lambda *_: StorageManager())
    provide("utils.dynamics_storage", DynamicsStorageManager=StorageManager)


if __name__ == "__main__":
    _stand_in()
