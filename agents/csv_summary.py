# Describes a table column by column, because a model should look at the shape of data before it talks about it.
import csv
import io
import re
from collections import Counter
from statistics import fmean, median

AGENT = {
    "name": "csv-summary",
    "description": "Summarises CSV text: for each column its type, missing and distinct values, range, mean and median, most "
    "common texts. Use it before answering questions about a table, or to check an export for gaps and stray types.",
    "parameters": {"type": "object", "required": ["csv"], "additionalProperties": False, "properties": {
        "csv": {"type": "string", "minLength": 1, "description": "The CSV text, quoted as in RFC 4180"},
        "delimiter": {"type": "string", "enum": ["auto", ",", ";", "\t", "|"], "default": "auto", "description": "auto: the one that splits the first line into most fields"},
        "header": {"type": "boolean", "default": True, "description": "Whether the first row names the columns"},
        "top": {"type": "integer", "minimum": 0, "maximum": 50, "default": 3, "description": "How many of the most common values of a text or boolean column to list"},
    }},
    "returns": {"type": "object", "required": ["rows", "ragged", "columns"], "additionalProperties": False, "properties": {
        "rows": {"type": "integer", "description": "Without the header and empty lines"},
        "ragged": {"type": "integer", "description": "Rows with more or fewer fields than the header"},
        "columns": {"type": "array", "items": {"type": "object", "required": ["name", "type", "missing", "distinct"], "additionalProperties": False, "properties": {
            "name": {"type": "string"}, "distinct": {"type": "integer"},
            "type": {"type": "string", "enum": ["integer", "number", "boolean", "date", "text", "empty"]},
            "missing": {"type": "integer", "description": "Empty, or NA, n/a, NaN, null, none, -"},
            "min": {"type": ["number", "string"]}, "max": {"type": ["number", "string"]}, "mean": {"type": "number"}, "median": {"type": "number"},
            "top": {"type": "object", "additionalProperties": {"type": "integer"}, "description": "How often each of the most common values occurs"},
        }}},
    }},
    "examples": [
        {"args": {"csv": "city,temp\nOslo,-3\nRome,14.5\nOslo,\n"}, "returns": {"rows": 3, "ragged": 0, "columns": [
            {"name": "city", "type": "text", "missing": 0, "distinct": 2, "top": {"Oslo": 2, "Rome": 1}},
            {"name": "temp", "type": "number", "missing": 1, "distinct": 2, "min": -3, "max": 14.5, "mean": 5.75, "median": 5.75},
        ]}},
        {"args": {"csv": "2026-01-31;7\n2025-12-24;n/a", "header": False}, "returns": {"rows": 2, "ragged": 0, "columns": [
            {"name": "column_1", "type": "date", "missing": 0, "distinct": 2, "min": "2025-12-24", "max": "2026-01-31"},
            {"name": "column_2", "type": "integer", "missing": 1, "distinct": 1, "min": 7, "max": 7, "mean": 7, "median": 7},
        ]}},
    ],
}
MISSING = {"", "na", "n/a", "nan", "null", "none", "-"}
# Codes such as 007 and numbers of 16 digits and more stay texts: arithmetic would spoil them.
PATTERNS = {
    "integer": re.compile(r"[+-]?(0|[1-9]\d{0,14})"),
    "number": re.compile(r"[+-]?((0|[1-9]\d{0,14})(\.\d+)?|\.\d+)([eE][+-]?\d{1,2})?"),
    "boolean": re.compile(r"true|false|yes|no", re.IGNORECASE),
    "date": re.compile(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])"),
}


def run(context, csv, delimiter="auto", header=True, top=3):
    rows = _read(csv, delimiter)
    width = len(rows[0]) if header else max(map(len, rows))
    names = rows.pop(0) if header else [""] * width
    ragged = sum(len(row) != width for row in rows)
    if ragged and context:
        context.log("warn", f"{ragged} of {len(rows)} rows do not have {width} fields; look for a stray delimiter or quote")
    columns = []
    for index in range(width):
        values = [row[index].strip() if index < len(row) else "" for row in rows]
        columns.append({"name": names[index].strip() or f"column_{index + 1}", **_describe(values, top)})
        if context and index % (width // 20 + 1) == 0:
            context.progress((index + 1) / width, columns[-1]["name"])
    return {"rows": len(rows), "ragged": ragged, "columns": columns}


def _read(text, delimiter):
    text = text.lstrip("\ufeff")
    if delimiter == "auto":
        first = re.sub(r'"[^"]*"', "", text.lstrip().split("\n", 1)[0])
        delimiter = max(",;\t|", key=first.count)
    try:
        rows = [row for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True) if len(row) > 1 or "".join(row).strip()]
    except csv.Error as error:
        raise ValueError(f"The text is no CSV: {error}; check its quotes") from None
    if not rows:
        raise ValueError("The CSV has no rows; give its text, with the header as the first line")
    return rows


def _describe(values, top):
    present = [value for value in values if value.lower() not in MISSING]
    kinds = [name for name, pattern in PATTERNS.items() if all(map(pattern.fullmatch, present))] + ["text"]
    kind = kinds[0] if present else "empty"
    column = {"type": kind, "missing": len(values) - len(present), "distinct": len(set(present))}
    if kind in ("integer", "number"):
        numbers = [int(value) if kind == "integer" else float(value) for value in present]
        column |= {"distinct": len(set(numbers)), "min": min(numbers), "max": max(numbers)}
        column |= {"mean": float(f"{fmean(numbers):.10g}"), "median": float(f"{median(numbers):.10g}")}
    elif kind == "date":
        column |= {"min": min(present), "max": max(present)}
    elif present:
        column["top"] = dict(Counter(present).most_common(top))
    return column


if __name__ == "__main__":  # Alone: python3 csv_summary.py '{"csv": "a,b\\n1,2"}', or --agent
    import json, sys
    arg = sys.argv[1] if len(sys.argv) > 1 else "{}"
    print(json.dumps(AGENT if arg == "--agent" else run(None, **json.loads(arg)), indent=2))
