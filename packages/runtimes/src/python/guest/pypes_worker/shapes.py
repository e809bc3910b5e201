# The two shapes of an agent in a loaded module: AGENT with run, and classes with perform.
from .encode import NotJson, to_plain
from .failure import Refusal

_VARARGS = 4
_VARKEYWORDS = 8
SIGNATURE = "def run(context, city)"


def find_agents(module):
    """A list of (selector, metadata, target): the selector of a class is its name, that of `run` is empty."""
    names = vars(module)
    run = names.get("run")
    if "AGENT" in names and callable(run):
        properties = declared(names["AGENT"])
        return [("", metadata_of(names["AGENT"], "AGENT"), bind_run(run, properties))]
    found = [make_agent(value) for value in list(names.values()) if is_agent_class(value, module)]
    if not found:
        raise Refusal("agent_broken", why_none("AGENT" in names, callable(run)))
    return found


def why_none(has_agent, has_run):
    if has_agent:
        return f"The file has AGENT but no function run; add {SIGNATURE}"
    if has_run:
        return "The file has a function run but no AGENT; add AGENT = {'name': …, 'description': …, 'parameters': …}"
    return "The file has no agent: neither AGENT and run, nor a class with a method perform(self, **kwargs)"


def is_agent_class(value, module):
    if not isinstance(value, type) or value.__module__ != module.__name__:
        return False
    if value.__name__.startswith("_") or value.__name__ == "BasicAgent":
        return False
    perform = getattr(value, "perform", None)
    return callable(perform) and getattr(perform, "__module__", None) != "pypes_worker.basic_agent"


def make_agent(kind):
    instance = kind()
    metadata = class_metadata(
        kind.__name__, getattr(instance, "name", None), getattr(instance, "metadata", None), kind.__doc__
    )
    return (kind.__name__, metadata, lambda context, args: instance.perform(**args))


def class_metadata(class_name, name, metadata, doc):
    """What a class says of itself, however it says it: used for loaded classes and for those that were only read."""
    if metadata is None:
        metadata = {}
    if not isinstance(metadata, dict):
        raise Refusal("agent_broken", f"{class_name}.metadata is of the type {type(metadata).__name__}, not a dict")
    metadata = metadata_of(metadata, f"{class_name}.metadata")
    named = name if isinstance(name, str) and name else metadata.get("name") or class_name
    described = metadata.get("description")
    if not described:
        described = (doc or "").strip()
    return {**metadata, "name": named, "description": described}


def metadata_of(value, root):
    try:
        return to_plain(value)
    except NotJson as error:
        raise Refusal("agent_broken", f"{error.where(root)} is {error.what}") from None


def declared(agent):
    parameters = agent.get("parameters") if isinstance(agent, dict) else None
    properties = parameters.get("properties") if isinstance(parameters, dict) else None
    return properties if isinstance(properties, dict) else {}


def bind_run(run, properties):
    """A function of (context, args) that calls `run` the way its parameters ask for."""
    code = getattr(run, "__code__", None)
    if code is None:
        return lambda context, args: run(context, **args)
    positional = code.co_varnames[: code.co_argcount]
    keywords = code.co_varnames[code.co_argcount : code.co_argcount + code.co_kwonlyargcount]
    style = call_style(positional, keywords, code.co_flags & _VARARGS, code.co_flags & _VARKEYWORDS, properties)
    if style == "keyword":
        return lambda context, args: run(context=context, **args)
    if style == "none":
        return lambda context, args: run(**args)
    return lambda context, args: run(context, **args)


def call_style(positional, keywords, has_varargs, has_varkeywords, properties):
    """How `run` takes its context; raises where it takes none although it names its parameters."""
    if positional and (positional[0] == "context" or positional[0] not in properties):
        return "positional"
    if "context" in keywords:
        return "keyword"
    if not positional and has_varargs:
        return "positional"
    if not positional and not keywords and has_varkeywords:
        return "none"
    shown = ", ".join((*positional, *keywords))
    wanted = ", ".join(("context", *positional, *(f"{name}=…" for name in keywords)))
    raise Refusal("agent_broken", f"run({shown}) takes no context as its first parameter; write def run({wanted})")
