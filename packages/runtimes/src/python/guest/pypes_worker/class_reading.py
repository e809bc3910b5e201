# Reads the name and metadata of a class with perform off its source, the way making an instance would set them.
import ast

from .literal import NotLiteral, Self, evaluate
from .shapes import class_metadata

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_WANTED = ("name", "metadata")
#: Methods that could make an attribute something else than what was set.
_MAGIC = frozenset(("__new__", "__getattr__", "__getattribute__", "__setattr__", "__init_subclass__"))


def is_candidate(definition, scope):
    """Whether the class is an agent; raises NotLiteral where its bases leave that open."""
    if definition.name.startswith("_") or definition.name == "BasicAgent":
        return False
    if any(isinstance(item, _FUNCTIONS) and item.name == "perform" for item in definition.body):
        return True
    for base in definition.bases:
        name = base.attr if isinstance(base, ast.Attribute) else getattr(base, "id", "Agent")
        if name in scope.classes or (name.endswith("Agent") and name != "BasicAgent"):
            raise NotLiteral
    return False


def read_class(definition, scope):
    """The metadata; raises NotLiteral where the class has to be run."""
    if definition.decorator_list or definition.keywords or len(definition.bases) > 1:
        raise NotLiteral
    is_basic = bool(definition.bases) and not _is_plain(definition.bases[0])
    if is_basic and not _is_basic_agent(definition.bases[0], scope):
        raise NotLiteral
    attributes, initializer = _read_body(definition, scope)
    if initializer is not None:
        _run_initializer(initializer, attributes, scope, is_basic)
    return class_metadata(
        definition.name,
        attributes.get("name"),
        attributes.get("metadata"),
        ast.get_docstring(definition, clean=False),
    )


def _is_plain(base):
    return isinstance(base, ast.Name) and base.id in ("object", "ABC")


def _is_basic_agent(base, scope):
    name = base.attr if isinstance(base, ast.Attribute) else getattr(base, "id", None)
    return name == "BasicAgent" and name not in scope.classes


def _read_body(definition, scope):
    attributes = {}
    known = dict(scope.constants)
    initializer = None
    for item in definition.body:
        if isinstance(item, _FUNCTIONS):
            if item.name in _MAGIC or item.name in _WANTED:
                raise NotLiteral
            if item.name == "__init__":
                initializer = item
            elif _sets_wanted(item, scope.lines):
                raise NotLiteral
        elif isinstance(item, ast.Assign) and len(item.targets) == 1 and isinstance(item.targets[0], ast.Name):
            _learn(item.targets[0].id, item.value, attributes, known)
        elif isinstance(item, ast.AnnAssign) and isinstance(item.target, ast.Name):
            if item.value is not None:
                _learn(item.target.id, item.value, attributes, known)
        elif not isinstance(item, (ast.Pass, ast.Expr)):
            raise NotLiteral
    return attributes, initializer


def _learn(name, value, attributes, known):
    try:
        attributes[name] = known[name] = evaluate(value, known)
    except NotLiteral:
        if name in _WANTED:
            raise
        attributes.pop(name, None)
        known.pop(name, None)


def _run_initializer(function, attributes, scope, is_basic):
    arguments = function.args
    required = len(arguments.args) - len(arguments.defaults)
    if function.decorator_list or isinstance(function, ast.AsyncFunctionDef) or required != 1:
        raise NotLiteral
    this = Self(arguments.args[0].arg, attributes)
    known = dict(scope.constants)
    for argument, default in zip(arguments.args[1:], arguments.defaults):
        _bind(known, argument.arg, default, this)
    for argument, default in zip(arguments.kwonlyargs, arguments.kw_defaults):
        if default is None:
            raise NotLiteral
        _bind(known, argument.arg, default, this)
    for statement in function.body:
        _run_statement(statement, known, this, is_basic)


def _bind(known, name, value, this):
    try:
        known[name] = evaluate(value, known, this)
    except NotLiteral:
        known.pop(name, None)


def _run_statement(statement, known, this, is_basic):
    if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call):
        arguments = _base_arguments(statement.value, this)
        if arguments is not None:
            _run_base(*arguments, known, this, is_basic)
            return
    targets = statement.targets if isinstance(statement, ast.Assign) else [getattr(statement, "target", None)]
    if isinstance(statement, (ast.Assign, ast.AnnAssign)) and len(targets) == 1 and statement.value is not None:
        target = targets[0]
        if isinstance(target, ast.Name):
            return _bind(known, target.id, statement.value, this)
        if _is_own(target, this):
            return _set(this, target.attr, statement.value, known)
    _skip(statement, known, this)


def _set(this, name, value, known):
    try:
        this.attributes[name] = evaluate(value, known, this)
    except NotLiteral:
        if name in _WANTED:
            raise
        this.attributes.pop(name, None)


def _skip(statement, known, this):
    """A statement that is not followed: it must not touch what is wanted, and what it binds is no longer known."""
    for inner in ast.walk(statement):
        if isinstance(inner, ast.Attribute) and inner.attr in (*_WANTED, "__init__", "__dict__"):
            raise NotLiteral
        if isinstance(inner, ast.Name) and inner.id in ("setattr", "super", "vars"):
            raise NotLiteral
        if isinstance(inner, ast.Name):
            known.pop(inner.id, None)


def _base_arguments(call, this):
    """The (args, keywords) of super().__init__(…) or Base.__init__(self, …), else None."""
    function = call.func
    if not isinstance(function, ast.Attribute) or function.attr != "__init__":
        return None
    owner = function.value
    if isinstance(owner, ast.Call) and isinstance(owner.func, ast.Name) and owner.func.id == "super":
        return call.args, call.keywords
    if call.args and isinstance(call.args[0], ast.Name) and call.args[0].id == this.name:
        return call.args[1:], call.keywords
    return None


def _run_base(args, keywords, known, this, is_basic):
    if not is_basic:
        if args or keywords:
            raise NotLiteral
        return
    given = dict(zip(_WANTED, (evaluate(argument, known, this) for argument in args)))
    for keyword in keywords:
        if keyword.arg not in _WANTED:
            raise NotLiteral
        given[keyword.arg] = evaluate(keyword.value, known, this)
    attributes = this.attributes
    metadata = given.get("metadata")
    if metadata is None:
        metadata = attributes.get("metadata")
    name = given.get("name")
    if name is None:
        name = attributes.get("name")
    if name is None and isinstance(metadata, dict):
        name = metadata.get("name")
    if name is not None:
        attributes["name"] = name
    if metadata is not None:
        attributes["metadata"] = metadata


def _is_own(target, this):
    return isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name) and target.value.id == this.name


def _sets_wanted(function, lines):
    text = lines[function.lineno - 1 : function.end_lineno]
    if not any(".name" in line or ".metadata" in line for line in text):
        return False
    for inner in ast.walk(function):
        if isinstance(inner, ast.Attribute) and inner.attr in _WANTED and isinstance(inner.ctx, ast.Store):
            return True
    return False
