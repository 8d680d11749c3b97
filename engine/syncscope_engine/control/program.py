"""The target, executed as `__main__` afresh for every execution.

Its own modules (those beside the script) are compiled once and imported anew each time; those of the standard
library and of other people are imported once, before the first execution, and keep what they keep.
"""

import ast
import gc
import importlib.machinery
import importlib.util
import io
import os
import random
import sys
import types
from collections.abc import Callable, Sequence
from typing import Any

from . import naming, replacing
from .access import Hooks
from .endings import exit_status, shut_down
from .libraries import put_aside
from .outside import Keyboard
from .rewriting import HOOKS, instrument
from .variables import stored_in_modules

_COLLECT_EVERY = 64


class Program:
    """`argv`: a script and its arguments, or `-m`, a module, and its arguments."""

    def __init__(self, argv: "Sequence[str]", source: "str | None" = None) -> None:
        self.argv = list(argv)
        self.source = source
        self.is_module = self.argv[0] == "-m"
        self.files: frozenset[str] = frozenset()
        self.names: dict[tuple[str, int], list[str]] = {}
        self.warnings: list[str] = []
        self._own: dict[str, _Own] = {}
        self._foreign: set[str] = set()
        self._broken: "SyntaxError | None" = None
        self._runs = 0
        self._modules: set[str] = set()
        self._saved: Any = None
        self._finder: Any = self

    # -- once

    def prepare(self, granularity: str) -> None:
        self.granularity = granularity
        name, path = self._target()
        self.path = path
        self.root = os.path.dirname(path) if not self.is_module else os.getcwd()
        self._package = name.rpartition(".")[0] if self.is_module else None
        source = self.source if self.source is not None else _read(path)
        try:
            self.main = _Own("__main__", path, ast.parse(source, path))
        except SyntaxError as error:
            self._broken = error
            self.main = _Own("__main__", path, ast.Module([], []))
        self._follow(self.main)
        own = [self.main, *self._own.values()]
        self.files = frozenset(each.path for each in own)
        stored = {name for each in own for name in stored_in_modules(each.tree)}
        for each in own:
            self._compile(each, stored)
        if not _hashing_is_fixed():
            self.warnings.append("hashing is not fixed (PYTHONHASHSEED): another process may go another way")

    def _target(self) -> "tuple[str, str]":
        if not self.is_module:
            return "__main__", os.path.abspath(self.argv[0])
        name = self.argv[1]
        sys.path.insert(0, os.getcwd())
        try:
            spec = importlib.util.find_spec(name)
            if spec is not None and spec.submodule_search_locations is not None:
                name += ".__main__"
                spec = importlib.util.find_spec(name)
        finally:
            del sys.path[0]
        if spec is None or spec.origin is None:
            raise FileNotFoundError(f"no module named {name}")
        return name, spec.origin

    def _compile(self, own: "_Own", stored: "set[str]") -> None:
        path, hooks, unknown = own.path, own.hooks, 0
        self.names.update(naming.names_in(own.tree, path))
        if self.granularity != "sync":
            unknown = instrument(own.tree, hooks, self.granularity, stored)
        if unknown:
            many, lines = ("1 statement is not a scheduling point", "line") if unknown == 1 else (
                f"{unknown} statements are not scheduling points", "lines"
            )  # fmt: skip
            self.warnings.append(f"{os.path.basename(path)}: {many} ({lines} {hooks.unknown_lines()})")
        try:
            own.code = compile(own.tree, path, "exec", dont_inherit=True)
        except SyntaxError as error:
            if own is not self.main:
                own.code = compile(f"raise SyntaxError({str(error)!r})", path, "exec")
            else:
                self._broken = error

    def _follow(self, own: "_Own") -> None:
        """Compile the program's other modules, import those of other people."""
        for name in _imported(own.tree):
            if name in self._own or name in self._foreign:
                continue
            path = self._beside(name)
            if path is None:
                self._foreign.add(name)
                if name.split(".")[0] not in self._own:
                    with replacing.primitives():
                        try:
                            importlib.import_module(name)
                        except Exception:  # it says so itself, when the program imports it
                            continue
                continue
            try:
                other = self._own[name] = _Own(name, path, ast.parse(_read(path), path))
            except SyntaxError:  # the import system says it best
                continue
            other.is_package = os.path.basename(path) == "__init__.py"
            self._follow(other)

    def _beside(self, name: str) -> "str | None":
        base = os.path.join(self.root, *name.split("."))
        for path in (os.path.join(base, "__init__.py"), base + ".py"):
            if os.path.isfile(path):
                return path
        return None

    def rehearsed(self) -> None:
        self._modules = set(sys.modules)
        gc.collect()
        gc.freeze()

    # -- each time

    def begin(self, seed: int) -> "Callable[[], object]":
        self._runs += 1
        if self._runs % _COLLECT_EVERY == 0:
            gc.collect()
        environment: Any = os.environ
        self._saved = (
            sys.stdout, sys.stderr, sys.stdin, sys.argv, sys.path[:], sys.excepthook, gc.isenabled(),
            sys.modules.get("__main__"), environment._data.copy(), os.getcwd(),
        )  # fmt: skip
        self._bring_back = put_aside()
        gc.disable()
        random.seed(seed)
        self._output = io.StringIO()
        sys.stdout = sys.stderr = self._output
        sys.stdin = Keyboard()
        sys.argv = [self.main.path, *self.argv[2 if self.is_module else 1 :]]
        sys.path.insert(0, self.root)
        sys.meta_path.insert(0, self._finder)
        module = types.ModuleType("__main__")
        module.__file__ = self.main.path
        module.__dict__["__builtins__"] = __builtins__
        module.__dict__["__package__"] = self._package
        sys.modules["__main__"] = module
        self.main.hooks.begin()
        module.__dict__[HOOKS] = self.main.hooks
        return lambda: self._execute(module)

    def _execute(self, module: types.ModuleType) -> None:
        from .run import current

        run = current()
        assert run is not None
        try:
            if self._broken is not None:
                raise self._broken
            exec(self.main.code, module.__dict__)
        except SystemExit as leaving:
            status, text = exit_status(leaving)
            if text:
                self._output.write(text + "\n")
            if status:
                run.fail(leaving)
                run.error = f"exit status {status}" + (f": {text}" if text else "")
        except Exception as error:
            run.fail(error)
        shut_down(run)

    def end(self) -> str:
        (
            sys.stdout,
            sys.stderr,
            sys.stdin,
            sys.argv,
            path,
            sys.excepthook,
            collecting,
            main,
            variables,
            folder,
        ) = self._saved
        sys.path[:] = path
        self._bring_back()
        sys.meta_path.remove(self._finder)
        for name in [*self._own, "__main__"]:
            sys.modules.pop(name, None)
        if main is not None:
            sys.modules["__main__"] = main
        environment: Any = os.environ
        if environment._data != variables:
            environment.clear()
            environment.update(
                {environment.decodekey(k): environment.decodevalue(v) for k, v in variables.items()}
            )
        if os.getcwd() != folder:
            os.chdir(folder)
        if collecting:
            gc.enable()
        if self._modules and len(sys.modules) > len(self._modules):
            late = sorted(set(sys.modules) - self._modules - {"__main__"})
            self._modules.update(late)
            if late:
                self.warnings.append(f"imported only in some orders: {', '.join(late[:5])}")
        return self._output.getvalue()

    # -- the program's other modules

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Any:
        own = self._own.get(name)
        if own is None:
            return None
        loader: Any = own
        return importlib.machinery.ModuleSpec(name, loader, origin=own.path, is_package=own.is_package)


class _Own:
    """One of the program's own modules; its loader."""

    def __init__(self, name: str, path: str, tree: ast.Module) -> None:
        self.name = name
        self.path = path
        self.tree = tree
        self.hooks = Hooks(path)
        self.code = compile("", path, "exec")
        self.is_package = False

    def create_module(self, spec: Any) -> None:
        return None

    def exec_module(self, module: types.ModuleType) -> None:
        module.__file__ = self.path
        if self.is_package:
            module.__path__ = [os.path.dirname(self.path)]
        self.hooks.begin()
        module.__dict__[HOOKS] = self.hooks
        exec(self.code, module.__dict__)


def _read(path: str) -> str:
    with open(path, "rb") as file:
        return importlib.util.decode_source(file.read())


def _imported(tree: ast.Module) -> "list[str]":
    names: list[str] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names += [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
    parents = [".".join(name.split(".")[: n + 1]) for name in names for n in range(name.count("."))]
    return list(dict.fromkeys([*parents, *names]))


def _hashing_is_fixed() -> bool:
    return os.environ.get("PYTHONHASHSEED", "random") != "random" or not sys.flags.hash_randomization
