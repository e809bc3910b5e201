# Values that can be read off the source: literals, names of literals, joined texts, dict(...).
import ast


class NotLiteral(Exception):
    """The expression has to be run to be known."""


class Self:
    """Stands for the instance inside __init__: its attributes are looked up in a dict."""

    def __init__(self, name, attributes):
        self.name = name
        self.attributes = attributes


def evaluate(node, names, this=None):
    """The value of an expression; `names` maps the names that are known."""
    handler = _HANDLERS.get(type(node))
    if handler is None:
        raise NotLiteral
    return handler(node, names, this)


def _constant(node, names, this):
    return node.value


def _name(node, names, this):
    if node.id not in names:
        raise NotLiteral
    return names[node.id]


def _attribute(node, names, this):
    if this is None or not isinstance(node.value, ast.Name) or node.value.id != this.name:
        raise NotLiteral
    if node.attr not in this.attributes:
        raise NotLiteral
    return this.attributes[node.attr]


def _dict(node, names, this):
    value = {}
    for key, item in zip(node.keys, node.values):
        inner = evaluate(item, names, this)
        if key is not None:
            try:
                value[evaluate(key, names, this)] = inner
            except TypeError:
                raise NotLiteral from None
        elif isinstance(inner, dict):
            value.update(inner)
        else:
            raise NotLiteral
    return value


def _list(node, names, this):
    value = []
    for item in node.elts:
        if isinstance(item, ast.Starred):
            inner = evaluate(item.value, names, this)
            if not isinstance(inner, (list, tuple)):
                raise NotLiteral
            value.extend(inner)
        else:
            value.append(evaluate(item, names, this))
    return value


def _tuple(node, names, this):
    return tuple(_list(node, names, this))


def _negative(node, names, this):
    value = evaluate(node.operand, names, this)
    if isinstance(node.op, ast.USub) and type(value) in (int, float):
        return -value
    if isinstance(node.op, ast.Not):
        return not value
    raise NotLiteral


def _sum(node, names, this):
    left = evaluate(node.left, names, this)
    right = evaluate(node.right, names, this)
    if isinstance(node.op, ast.Add) and type(left) is type(right) and type(left) in (str, list, tuple, int, float):
        return left + right
    raise NotLiteral


def _joined(node, names, this):
    parts = []
    for part in node.values:
        if isinstance(part, ast.FormattedValue):
            value = evaluate(part.value, names, this)
            if part.format_spec is not None or part.conversion != -1 or type(value) not in (str, int):
                raise NotLiteral
            parts.append(str(value))
        else:
            parts.append(part.value)
    return "".join(parts)


def _call(node, names, this):
    """dict(a=1), dict({...}, a=1), and "text".strip()."""
    function = node.func
    if isinstance(function, ast.Name) and function.id == "dict" and "dict" not in names and len(node.args) <= 1:
        value = dict(evaluate(node.args[0], names, this)) if node.args and isinstance(node.args[0], ast.Dict) else {}
        if node.args and not isinstance(node.args[0], ast.Dict):
            raise NotLiteral
        for keyword in node.keywords:
            inner = evaluate(keyword.value, names, this)
            value.update(inner if keyword.arg is None else {keyword.arg: inner})
        return value
    if isinstance(function, ast.Attribute) and function.attr == "strip" and not node.args and not node.keywords:
        value = evaluate(function.value, names, this)
        if type(value) is str:
            return value.strip()
    raise NotLiteral


_HANDLERS = {
    ast.Constant: _constant,
    ast.Name: _name,
    ast.Attribute: _attribute,
    ast.Dict: _dict,
    ast.List: _list,
    ast.Tuple: _tuple,
    ast.UnaryOp: _negative,
    ast.BinOp: _sum,
    ast.JoinedStr: _joined,
    ast.Call: _call,
}
