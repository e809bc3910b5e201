# What the top level of a module binds, and which of its names have one literal value for good.
import ast

from .literal import NotLiteral, evaluate

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


class Scope:
    """`constants` are names with a literal value, `functions` and `classes` the definitions at the top level."""

    def __init__(self, tree, source):
        self.lines = source.splitlines()
        self.constants = {}
        self.functions = {}
        self.classes = {}
        self.imports = []
        self.imported = set()
        #: Names that something else than one plain assignment or definition may bind or change.
        self.uncertain = set()
        self.has_star = False
        for statement in tree.body:
            self._add(statement)
        if "global " in source:
            self._note_globals()
        for name in self.uncertain:
            self.constants.pop(name, None)

    def _add(self, statement):
        if isinstance(statement, _FUNCTIONS):
            self._define(self.functions, statement)
        elif isinstance(statement, ast.ClassDef):
            self._define(self.classes, statement)
        elif isinstance(statement, (ast.Import, ast.ImportFrom)):
            self.imports.append(statement)
            for alias in statement.names:
                self.has_star = self.has_star or alias.name == "*"
                self.imported.add(alias.asname or alias.name.partition(".")[0])
            self.uncertain |= self.imported
        elif isinstance(statement, ast.Assign) and len(statement.targets) == 1:
            self._assign(statement.targets[0], statement.value)
        elif isinstance(statement, ast.AnnAssign):
            if statement.value is not None:
                self._assign(statement.target, statement.value)
        elif isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
            pass
        elif not _is_main_guard(statement):
            self._touch(statement)

    def _define(self, table, statement):
        name = statement.name
        if name in self.functions or name in self.classes or name in self.constants:
            self.uncertain.add(name)
        table[name] = statement
        for decorator in statement.decorator_list:
            self._touch(decorator)

    def _assign(self, target, value):
        if not isinstance(target, ast.Name):
            self._touch(target)
            self._touch(value)
            return
        name = target.id
        if name in self.constants or name in self.functions or name in self.classes:
            self.uncertain.add(name)
        try:
            self.constants[name] = evaluate(value, self.constants)
        except NotLiteral:
            self.uncertain.add(name)
            self._touch(value)

    def _touch(self, node):
        """Whatever a statement that is not understood names may have been bound or changed by it."""
        for inner in ast.walk(node):
            if isinstance(inner, ast.Name):
                self.uncertain.add(inner.id)
            elif isinstance(inner, (*_FUNCTIONS, ast.ClassDef)):
                self.uncertain.add(inner.name)
            elif isinstance(inner, ast.alias):
                self.uncertain.add(inner.asname or inner.name.partition(".")[0])

    def _note_globals(self):
        for definition in (*self.functions.values(), *self.classes.values()):
            for inner in ast.walk(definition):
                if isinstance(inner, ast.Global):
                    self.uncertain.update(inner.names)


def _is_main_guard(statement):
    return (
        isinstance(statement, ast.If)
        and isinstance(statement.test, ast.Compare)
        and isinstance(statement.test.left, ast.Name)
        and statement.test.left.id == "__name__"
        and not statement.orelse
    )
