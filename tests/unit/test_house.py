"""Rules of the house that no linter knows."""

from __future__ import annotations

import ast
import re
import subprocess
from pathlib import Path

from tests.structure.measure import Source

ROOT = Path(__file__).parents[2]
TOP_LEVEL = {
    ".ci",
    ".config",
    ".editorconfig",
    ".gitignore",
    ".pre-commit-config.yaml",
    ".yamllint",
    "CHANGELOG.md",
    "LICENSE",
    "Makefile",
    "README.md",
    "collections",
    "docs",
    "examples",
    "inventory",
    "orchestrate",
    "playbooks",
    "pyproject.toml",
    "tests",
}
MAX_FILE_LINES = 300
MAX_FUNCTION_LINES = 50
MAX_FIELDS = 12
LEFT_OVERS = re.compile(r"\b(TODO|FIXME)\b")
LOSES_OUTPUT = re.compile(r"\.exec_run\(")  # orchestrate/lab/inside.py says why
MIRRORS = (
    re.compile(  # what a machine may reach is for its owner to say: pip and apt are configured
        r"https?://[^/\s\"']*(debian|pypi|npm)|\b(debian|pypi|npmjs)\.(org|com|net)\b"
    )
)
PATCHES = re.compile(r"\b(mock\.patch|monkeypatch\.setattr)\b")


def committed(*suffixes: str) -> list[Path]:
    """The files that git knows, but for this one, which names what it looks for."""
    listing = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True
    )
    paths = [ROOT / name for name in listing.stdout.split("\0") if name.endswith(suffixes or "")]
    return [path for path in paths if path.is_file() and path != Path(__file__)]


def below(*directories: str) -> list[Path]:
    return [path for path in committed(".py") if path.relative_to(ROOT).parts[0] in directories]


def containing(pattern: re.Pattern[str], paths: list[Path]) -> list[str]:
    texts = {path: path.read_text(encoding="utf-8", errors="replace") for path in paths}
    return [str(path.relative_to(ROOT)) for path, text in texts.items() if pattern.search(text)]


def long_functions(path: Path) -> list[str]:
    functions = [
        node
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    return [
        f"{path.relative_to(ROOT)}:{function.lineno} {function.name}"
        for function in functions
        if (function.end_lineno or 0) - function.lineno >= MAX_FUNCTION_LINES
    ]


def test_the_top_level_holds_only_what_belongs_there() -> None:
    found = {path.relative_to(ROOT).parts[0] for path in committed()}

    assert found <= TOP_LEVEL


def test_files_stay_short() -> None:
    lines = {path: len(path.read_bytes().splitlines()) for path in below("orchestrate")}

    assert [str(path) for path, count in lines.items() if count > MAX_FILE_LINES] == []


def test_functions_stay_short() -> None:
    paths = below("orchestrate", "collections", "tests")

    assert [function for path in paths for function in long_functions(path)] == []


def test_values_stay_narrow() -> None:
    """A wider one has fields of more than one subject: group them."""
    name, fields = Source.read().widest()

    assert fields <= MAX_FIELDS, name


def test_nothing_is_left_for_later() -> None:
    assert containing(LEFT_OVERS, committed()) == []


def test_no_mirror_of_packages_is_named() -> None:
    files = [
        path
        for path in committed()
        if path.relative_to(ROOT).parts[0] not in {"docs", "CHANGELOG.md"}
    ]

    assert containing(MIRRORS, files) == []


def test_tests_replace_objects_and_patch_nothing() -> None:
    assert containing(PATCHES, below("tests")) == []


def test_no_command_in_a_container_loses_its_output() -> None:
    proof = ROOT / "tests" / "unit" / "lab" / "test_inside.py"

    assert containing(LOSES_OUTPUT, below("orchestrate", "tests")) == [str(proof.relative_to(ROOT))]


def test_no_two_files_of_tests_are_one_module() -> None:
    """pytest names a module from its topmost package on: a gap below `tests` makes names short."""
    packages = {path.parent for path in below("tests") if path.name == "__init__.py"}

    assert [str(one) for one in packages if one.parent not in {ROOT, *packages}] == []


def test_fixtures_of_a_package_are_in_one() -> None:
    """Elsewhere pytest keeps them to the end of the session, a whole lab for instance."""
    files = containing(re.compile(r'scope="package"'), below("tests"))

    assert [file for file in files if not (ROOT / file).with_name("__init__.py").is_file()] == []
