

def _main():
    """Alone: arguments as JSON, in one argument or on standard input; --agent prints the metadata."""
    import asyncio
    import json
    import os
    import sys
    import uuid

    def fail(message):
        print(message, file=sys.stderr)
        sys.exit(1)

    class Memory:
        path = os.environ.get("PYPES_MEMORY")
        values = {}

        def _read(self):
            if self.path and os.path.exists(self.path):
                with open(self.path, encoding="utf-8") as file:
                    return json.load(file)
            return {} if self.path else self.values

        def _write(self, values):
            if self.path:
                with open(self.path + ".new", "w", encoding="utf-8") as file:
                    json.dump(values, file)
                os.replace(self.path + ".new", self.path)

        def get(self, key):
            return self._read().get(key)

        def set(self, key, value):
            values = self._read()
            values[key] = value
            self._write(values)

        def delete(self, key):
            values = self._read()
            found = values.pop(key, None) is not None
            self._write(values)
            return found

        def list(self, prefix=""):
            return sorted(key for key in self._read() if key.startswith(prefix or ""))

    class Context:
        user_guid = None
        pack_guid = "00000000-0000-4000-8000-000000000000"
        run_id = str(uuid.uuid4())
        memory = Memory()

        def __init__(self, name):
            self.agent = name

        def log(self, level, message, data=None):
            print(f"[{level}] {message}" + ("" if data is None else " " + json.dumps(data)), file=sys.stderr)

        def progress(self, fraction, message=""):
            print(f"[{fraction:.0%}] {message or ''}", file=sys.stderr)

        def __getattr__(self, name):
            raise RuntimeError(f"context.{name} needs a host; run this file in Pypes")

    def whole(text):
        number = float(text)
        return int(number) if number == int(number) and abs(number) < 2**53 else number

    def plain(value, path="The result"):
        if isinstance(value, bool) or value is None or isinstance(value, str):
            return value
        if isinstance(value, int):
            return value if abs(value) < 2**53 else str(value)
        if isinstance(value, float):
            if value - value != 0:
                raise ValueError(f"{path} is {value}, JSON has only finite numbers")
            return value
        if isinstance(value, (list, tuple)):
            return [plain(item, f"{path}[{at}]") for at, item in enumerate(value)]
        if isinstance(value, dict) and all(isinstance(key, str) for key in value):
            return {key: plain(item, f"{path}.{key}") for key, item in value.items()}
        raise ValueError(f"{path} is a {type(value).__name__}, which is no JSON value")

    agent, call = _find_agent()
    given = sys.argv[1] if len(sys.argv) > 1 else None
    if given == "--agent":
        print(json.dumps(agent, ensure_ascii=False))
        return
    if given is None:
        given = ("" if sys.stdin is None or sys.stdin.isatty() else sys.stdin.read()).strip() or "{}"
    try:
        args = json.loads(given, parse_float=whole, parse_int=whole)
    except ValueError as error:
        fail(f"The arguments are no JSON ({error}); write them as '{{\"key\": \"value\"}}'")
    if not isinstance(args, dict):
        fail("The arguments have to be a JSON object: '{\"key\": \"value\"}'")
    try:
        result = call(Context(agent.get("name", "")), args)
        if hasattr(result, "__await__"):
            result = asyncio.run(_wait(result))
        text = json.dumps(plain(result), ensure_ascii=False)
    except Exception as error:
        fail(f"{type(error).__name__}: {error}")
    sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")
    print(text)


async def _wait(result):
    return await result


def _find_agent():
    names = globals()
    if "AGENT" in names and callable(names.get("run")):
        return names["AGENT"], lambda context, args: names["run"](context, **args)
    for value in list(names.values()):
        if isinstance(value, type) and value.__module__ == __name__ and not value.__name__.startswith("_") and value.__name__ != "BasicAgent" and hasattr(value, "perform"):
            instance = value()
            metadata = dict(getattr(instance, "metadata", None) or {})
            metadata["name"] = getattr(instance, "name", None) or metadata.get("name") or value.__name__
            return metadata, lambda context, args: instance.perform(**args)
    raise SystemExit("The file has no agent: neither AGENT and run, nor a class with perform")


if __name__ == "__main__":
    _main()
