# Reads a file's agents off its source, without running any of it; says so where only running it can tell.
import ast
import warnings

from . import class_reading, needs
from .failure import Refusal
from .literal import NotLiteral
from .scope import Scope
from .shapes import call_style, declared, metadata_of, why_none

warnings.simplefilter("ignore", SyntaxWarning)
warnings.simplefilter("ignore", DeprecationWarning)


def read_file(file):
    """One finding: {"agents"}, {"failure"} or {"dynamic"}; see Finding in inspector.ts."""
    try:
        return _read(file)
    except SyntaxError as error:
        return _failure(f"{type(error).__name__}: {error.msg}", line=error.lineno or 1, column=error.offset or 1)
    except Refusal as refusal:
        return _failure(str(refusal), **refusal.details)
    except (RecursionError, MemoryError):
        return {"dynamic": "it is nested too deep to be read"}
    except ValueError as error:
        return _failure(f"The file is no Python source: {error}")


def _read(file):
    source = file["source"]
    tree = ast.parse(source, file["path"])
    scope = Scope(tree, source)
    missing = needs.find_missing(scope, file.get("folder"))
    if missing is not None:
        if "sys.path" in source:
            return {"dynamic": "it changes where modules are found"}
        name, line = missing
        raise Refusal(
            "agent_broken",
            f"No module named '{name}'; install \"{name.partition('.')[0]}\" for this Python, or put it beside the file",
            line=line,
            missing=name,
        )
    try:
        agents = _read_agents(scope)
    except NotLiteral:
        return {"dynamic": "its metadata is computed"}
    if agents:
        return {"agents": agents}
    if scope.has_star or "AGENT" in scope.uncertain or _makes_classes(scope):
        return {"dynamic": "its agents are imported or made by code"}
    raise Refusal("agent_broken", why_none("AGENT" in scope.constants, "run" in scope.functions))


def _makes_classes(scope):
    """Whether code binds a name that looks like a class of an agent: `WeatherAgent = make(…)`, or one inside `if`."""
    made = scope.uncertain - scope.imported
    return any(name.endswith("Agent") and name != "BasicAgent" for name in made)


def _read_agents(scope):
    if scope.has_star:
        raise NotLiteral
    if "AGENT" in scope.uncertain or ("AGENT" in scope.constants and "run" in scope.uncertain):
        raise NotLiteral
    if "AGENT" in scope.constants and "run" in scope.functions:
        agent = scope.constants["AGENT"]
        _check_run(scope.functions["run"], declared(agent))
        return [{"selector": "", "metadata": metadata_of(agent, "AGENT")}]
    agents = []
    for definition in scope.classes.values():
        if class_reading.is_candidate(definition, scope):
            if definition.name in scope.uncertain:
                raise NotLiteral
            metadata = class_reading.read_class(definition, scope)
            agents.append({"selector": definition.name, "metadata": metadata})
    return agents


def _check_run(function, properties):
    if function.decorator_list:
        return
    arguments = function.args
    positional = [argument.arg for argument in (*getattr(arguments, "posonlyargs", ()), *arguments.args)]
    keywords = [argument.arg for argument in arguments.kwonlyargs]
    call_style(positional, keywords, arguments.vararg is not None, arguments.kwarg is not None, properties)


def _failure(message, **details):
    return {"failure": {"message": message, "details": details}}
