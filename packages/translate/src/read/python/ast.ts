// Python's own parser: CPython's `ast` module in a process of its own, its tree as JSON.
import { spawnSync } from 'node:child_process';
import { PypesError } from '@pypes/contract';
import type { UnicodeTables } from '../../core/unicode.ts';

/** A node of CPython's tree: `type` is its class, the fields are as `ast` has them. */
export type PyNode = {
  readonly type: string;
  readonly lineno?: number;
  readonly col_offset?: number;
  readonly [field: string]: PyValue | undefined;
};
export type PyValue = PyNode | readonly PyValue[] | string | number | boolean | null;

const DUMP = `
import ast, json, sys
def plain(node):
    if isinstance(node, ast.AST):
        tree = {"type": type(node).__name__, **{name: plain(value) for name, value in ast.iter_fields(node)}}
        if isinstance(node, ast.Constant):
            value = node.value
            kind = type(value).__name__
            tree["value"] = str(value) if kind == "int" else repr(value) if kind in ("float", "complex") else value if kind in ("str", "bool", "NoneType") else None
            tree["kind"] = kind
        if hasattr(node, "lineno"):
            line = lines[node.lineno - 1] if node.lineno <= len(lines) else b""
            tree["lineno"], tree["col_offset"] = node.lineno, len(line[: node.col_offset].decode("utf-8", "replace"))
            tree["end_lineno"] = node.end_lineno
        return tree
    if isinstance(node, list):
        return [plain(item) for item in node]
    return node if isinstance(node, (str, int, float, bool, type(None))) else None
sys.setrecursionlimit(20000)
source = sys.stdin.buffer.read()
lines = source.splitlines()
try:
    print(json.dumps({"tree": plain(ast.parse(source)), "minor": sys.version_info[1], "executable": sys.executable}))
except SyntaxError as error:
    print(json.dumps({"error": str(error.msg), "line": error.lineno, "column": error.offset}))
except (ValueError, RecursionError) as error:
    print(json.dumps({"error": str(error), "line": 1, "column": 1}))
`;

const TABLES = `
import json, sys
codes = [code for code in range(128, 0x110000) if not 0xD800 <= code <= 0xDFFF]
print(json.dumps({"lower": [[chr(c), chr(c).lower()] for c in codes if chr(c).lower() != chr(c)],
                  "upper": [[chr(c), chr(c).upper()] for c in codes if chr(c).upper() != chr(c)], "letters": [], "digits": []}))
`;

/**
 * The tree of a module, and the minor version of the Python that read it.
 *
 * @throws PypesError `unavailable` without python3, `agent_broken` with the place of a syntax error
 */
export function parsePython(
  text: string,
  filename: string,
): { readonly body: readonly PyNode[]; readonly minor: number } {
  const answer = JSON.parse(dump(text)) as {
    tree?: PyNode;
    minor?: number;
    executable?: string;
    error?: string;
    line?: number;
    column?: number;
  };
  // `python3` is often a script that looks for the interpreter: once is enough.
  if (answer.executable) interpreter = answer.executable;
  if (answer.tree !== undefined) return { body: answer.tree.body as readonly PyNode[], minor: answer.minor ?? 0 };
  throw new PypesError('agent_broken', `SyntaxError: ${answer.error} (${filename}:${answer.line ?? 1})`, {
    details: { file: filename, line: answer.line ?? 1, column: answer.column ?? 1 },
  });
}

/** A file is often read several times: once for each target, and for its metadata. */
const dumps = new Map<string, string>();
const MOST_DUMPS = 128;
let interpreter = 'python3';

function dump(text: string): string {
  const known = dumps.get(text);
  if (known !== undefined) return known;
  const made = runPython(DUMP, text);
  if (dumps.size >= MOST_DUMPS) dumps.clear();
  dumps.set(text, made);
  return made;
}

let tables: UnicodeTables | undefined;

/** The case mappings of the installed Python. */
export function pythonTables(): UnicodeTables {
  tables ??= JSON.parse(runPython(TABLES, '')) as UnicodeTables;
  return tables;
}

function runPython(program: string, input: string): string {
  const { status, stdout, error } = spawnSync(interpreter, ['-I', '-c', program], {
    input,
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  if (error !== undefined || status !== 0) {
    throw new PypesError(
      'unavailable',
      'Python files are read by Python itself, and there is no python3 that works on this machine; install Python 3.9 or newer and put it on the PATH',
    );
  }
  return stdout;
}
