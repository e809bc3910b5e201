# Compares two texts, or a text with the one of last time, because "what changed" wants a diff and not a paraphrase.
import difflib

AGENT = {
    "name": "text-diff",
    "description": "Shows what changed between two texts as a unified diff, with counts of added and removed lines and a "
    "similarity from 0 to 1. Give `before` and `after`; or give `remember_as` and `after` to compare with the text that "
    "was last remembered under that name. `after` is then remembered for the next time; the first time, all of it is new.",
    "parameters": {
        "type": "object",
        "properties": {
            "before": {"type": "string", "maxLength": 200000, "description": "The old text; not needed with remember_as"},
            "after": {"type": "string", "maxLength": 200000, "description": "The new text"},
            "remember_as": {"type": "string", "pattern": "^[A-Za-z0-9._-]{1,64}$", "description": "Name under which `after` is kept"},
            "context_lines": {"type": "integer", "minimum": 0, "maximum": 100, "default": 3, "description": "Unchanged lines shown around a change"},
            "ignore": {
                "type": "array", "items": {"type": "string", "enum": ["case", "whitespace", "blank_lines"]}, "uniqueItems": True, "default": [],
                "description": "Differences that do not count; the diff then shows the texts without them",
            },
        },
        "required": ["after"],
        "additionalProperties": False,
    },
    "returns": {
        "type": "object",
        "properties": {
            "identical": {"type": "boolean", "description": "Whether nothing that counts has changed"},
            "similarity": {"type": "number", "minimum": 0, "maximum": 1, "description": "Share of words in common and in order; 1 where identical"},
            "added": {"type": "integer", "minimum": 0, "description": "Lines"},
            "removed": {"type": "integer", "minimum": 0, "description": "Lines"},
            "diff": {"type": "string", "description": "Unified diff; empty where identical"},
        },
        "required": ["identical", "similarity", "added", "removed", "diff"],
        "additionalProperties": False,
    },
    "examples": [
        {
            "args": {"before": "one\ntwo\nthree\n", "after": "one\n2\nthree\n"},
            "returns": {"identical": False, "similarity": 0.6667, "added": 1, "removed": 1, "diff": "--- before\n+++ after\n@@ -1,3 +1,3 @@\n one\n-two\n+2\n three\n"},
        },
        {
            "args": {"before": "Hello,   World", "after": "hello, world", "ignore": ["case", "whitespace"]},
            "returns": {"identical": True, "similarity": 1.0, "added": 0, "removed": 0, "diff": ""},
        },
        {
            "args": {"before": "keep\nold\n", "after": "keep\n", "context_lines": 0},
            "returns": {"identical": False, "similarity": 0.6667, "added": 0, "removed": 1, "diff": "--- before\n+++ after\n@@ -2 +1,0 @@\n-old\n"},
        },
    ],
}


def run(context, after, before=None, remember_as=None, context_lines=3, ignore=()):
    if remember_as is not None and context is None:
        raise ValueError(f'There is no memory here to keep "{remember_as}" in; leave "remember_as" out and give "before"')
    if before is None:
        before = _recall(context, remember_as)
    old, new = _lines(before, ignore), _lines(after, ignore)
    diff = list(difflib.unified_diff(old, new, "before", "after", n=context_lines, lineterm=""))
    result = {
        "identical": old == new,
        "similarity": _similarity(old, new),
        "added": sum(line[0] == "+" for line in diff[2:]),
        "removed": sum(line[0] == "-" for line in diff[2:]),
        "diff": "".join(f"{line}\n" for line in diff),
    }
    if remember_as is not None:
        context.memory.set(f"text-diff/{remember_as}", after)
    return result


def _recall(context, name):
    if name is None:
        raise ValueError('There is nothing to compare with; give "before", or "remember_as" to use the text of last time')
    return context.memory.get(f"text-diff/{name}") or ""


def _lines(text, ignore):
    text = text.casefold() if "case" in ignore else text
    lines = text.splitlines()
    if "whitespace" in ignore:
        lines = [" ".join(line.split()) for line in lines]
    return [line for line in lines if line.strip()] if "blank_lines" in ignore else lines


def _similarity(old, new):
    if old == new:
        return 1.0
    words = difflib.SequenceMatcher(None, " ".join(old).split(), " ".join(new).split())
    return min(round(words.ratio(), 4), 0.9999)


if __name__ == "__main__":  # Alone: python3 text_diff.py '{"before": "a", "after": "b"}', or --agent
    import json, sys
    arg = sys.argv[1] if len(sys.argv) > 1 else "{}"
    print(json.dumps(AGENT if arg == "--agent" else run(None, **json.loads(arg)), indent=2))
