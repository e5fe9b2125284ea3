"""The structure of the package, measured from its own source: imports, functions, fields, docstrings."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGE = "orchestrate"
_RIDDLE = re.compile(r"(What|Who|Whom|Whose|Of|It|One|Those|Where)\b")
_FILTERS = re.compile(r"\b(limit|unmended|unrepaired)\b")
_LONG, _TOO_LONG = 15, 30


@dataclass(frozen=True, slots=True)
class Rooms:
    """Files and folders right below a folder, the imports between them, and the longest chain of those."""

    rooms: int
    arrows: int
    storeys: int


@dataclass(frozen=True, slots=True)
class Functions:
    """How many functions there are, and how many have more lines than 15 and 30."""

    all: int
    long: int
    too_long: int


@dataclass(frozen=True)
class Source:
    """The text of each module that is not empty, by dotted name."""

    texts: Mapping[str, str]

    @classmethod
    def read(cls, root: Path = ROOT) -> Source:
        files = sorted((root / PACKAGE).rglob("*.py"))
        texts = {_dotted(file.relative_to(root)): file.read_text("utf-8") for file in files}
        return cls({name: text for name, text in texts.items() if text})

    @cached_property
    def modules(self) -> Mapping[str, ast.Module]:
        return {name: ast.parse(text) for name, text in self.texts.items()}

    @cached_property
    def imports(self) -> frozenset[tuple[str, str]]:
        return frozenset(
            (name, self._module(target))
            for name, tree in self.modules.items()
            for target in _targets(tree)
        )

    def rooms(self, folder: str = PACKAGE) -> Rooms:
        """Measure the rooms of a package. What imports nothing and is not imported counts as a room, too."""
        rooms = {self._room(name, folder) for name in self.modules} - {""}
        pairs = {
            (self._room(source, folder), self._room(target, folder))
            for source, target in self.imports
        }
        arrows = {(a, b) for a, b in pairs if a != b and a and b}
        return Rooms(len(rooms), len(arrows), max(_heights(rooms, arrows).values()))

    def functions(self) -> Functions:
        lines = [
            (node.end_lineno or node.lineno) - node.lineno + 1
            for node in self._nodes()
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        ]
        return Functions(
            len(lines), sum(n > _LONG for n in lines), sum(n > _TOO_LONG for n in lines)
        )

    def widest(self) -> tuple[str, int]:
        """Return the class with the most annotated fields, and their number."""
        fields = {
            node.name: sum(isinstance(line, ast.AnnAssign) for line in node.body)
            for node in self._nodes()
            if isinstance(node, ast.ClassDef)
        }
        name = max(fields, key=lambda name: fields[name])
        return name, fields[name]

    def docstrings(self) -> list[str]:
        documented = (
            node
            for node in self._nodes()
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        )
        texts = (ast.get_docstring(node) for node in documented)
        return [text for text in texts if text]

    def riddles(self) -> list[str]:
        return [text for text in self.docstrings() if _RIDDLE.match(text)]

    def filter_mentions(self) -> int:
        """Count the mentions of the limit and of unrepaired nodes in the planner."""
        planner = (
            text for name, text in self.texts.items() if name.startswith(f"{PACKAGE}.planner.")
        )
        return sum(len(_FILTERS.findall(text)) for text in planner)

    def _nodes(self) -> Iterator[ast.AST]:
        for tree in self.modules.values():
            yield from ast.walk(tree)

    def _module(self, target: str) -> str:
        return target if target in self.modules else target.rpartition(".")[0]

    @staticmethod
    def _room(module: str, folder: str) -> str:
        below = module.removeprefix(f"{folder}.")
        return "" if below == module else below.partition(".")[0]


def _dotted(file: Path) -> str:
    return ".".join(file.with_suffix("").parts).removesuffix(".__init__")


def _targets(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(PACKAGE):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _heights(rooms: Iterable[str], arrows: set[tuple[str, str]]) -> dict[str, int]:
    heights: dict[str, int] = {}

    def height(room: str) -> int:
        if room not in heights:
            below = [height(b) for a, b in arrows if a == room]
            heights[room] = 1 + max(below, default=0)
        return heights[room]

    for room in rooms:
        height(room)
    return heights
