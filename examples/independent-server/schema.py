"""The part of JSON Schema that agents of this example need: what is wrong with a value, as a list."""

import re

TYPES = {
    "object": lambda value: isinstance(value, dict),
    "array": lambda value: isinstance(value, list),
    "string": lambda value: isinstance(value, str),
    "boolean": lambda value: isinstance(value, bool),
    "null": lambda value: value is None,
    "number": lambda value: isinstance(value, (int, float)) and not isinstance(value, bool),
    "integer": lambda value: isinstance(value, (int, float)) and not isinstance(value, bool) and value == int(value),
}


def violations(value, schema, path=""):
    """Every violation as {path, message}; an empty list where the value fits."""
    if schema is True or not isinstance(schema, dict):
        return [] if schema is not False else [{"path": path, "message": "must not be there"}]
    found = []

    def wrong(message, at=path):
        found.append({"path": at, "message": message})

    names = schema.get("type")
    if names is not None:
        names = names if isinstance(names, list) else [names]
        if not any(TYPES.get(name, lambda _: True)(value) for name in names):
            wrong("must be " + " or ".join(names))
            return found
    if "enum" in schema and not any(same(value, each) for each in schema["enum"]):
        wrong("must be one of the values of the enum")
    if "const" in schema and not same(value, schema["const"]):
        wrong("must be the constant")
    if TYPES["number"](value):
        for key, holds in (
            ("minimum", lambda bound: value >= bound),
            ("maximum", lambda bound: value <= bound),
            ("exclusiveMinimum", lambda bound: value > bound),
            ("exclusiveMaximum", lambda bound: value < bound),
        ):
            if key in schema and not holds(schema[key]):
                wrong(f"breaks {key} {schema[key]}")
    if isinstance(value, str):
        if len(value) < schema.get("minLength", 0) or len(value) > schema.get("maxLength", len(value)):
            wrong("has another length than is allowed")
        if "pattern" in schema and re.search(schema["pattern"], value) is None:
            wrong("does not match the pattern")
    if isinstance(value, list):
        if len(value) < schema.get("minItems", 0) or len(value) > schema.get("maxItems", len(value)):
            wrong("has another number of items than is allowed")
        for index, item in enumerate(value):
            found += violations(item, schema.get("items", True), f"{path}/{index}")
    if isinstance(value, dict):
        properties = schema.get("properties", {})
        for name in schema.get("required", []):
            if name not in value:
                wrong(f'must have the property "{name}"')
        for name, item in value.items():
            found += violations(item, properties.get(name, schema.get("additionalProperties", True)), f"{path}/{name}")
    for each in schema.get("allOf", []):
        found += violations(value, each, path)
    if "anyOf" in schema and all(violations(value, each, path) for each in schema["anyOf"]):
        wrong("matches none of anyOf")
    return found


def same(one, other):
    """Equal as JSON has it: true is not 1."""
    return type(one) is type(other) and one == other if isinstance(one, bool) or isinstance(other, bool) else one == other
