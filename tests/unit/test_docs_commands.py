"""Every command in the docs can be typed: its words, options and arguments are those of the program."""

from __future__ import annotations

import re
import shlex
import tomllib
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from orchestrate.cli import cli

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md"))]
FENCED = re.compile(r"^```\w*\n(.*?)^```", re.MULTILINE | re.DOTALL)
INLINE = re.compile(r"`([^`\n]+)`")
ENDS = {"|", "<", ">", ">>", "&&", ";", "("}
EXTRA = re.compile(r"\[(\w+)\]")
TARGET = re.compile(r"^([a-z][a-z0-9-]*)(?: [a-z0-9 -]+)?:", re.MULTILINE)


def fenced(page: Path) -> Iterator[list[str]]:
    for block in FENCED.findall(page.read_text(encoding="utf-8")):
        for line in block.splitlines():
            yield from commands(line)


def inline(page: Path) -> Iterator[list[str]]:
    text = FENCED.sub("", page.read_text(encoding="utf-8"))
    for code in INLINE.findall(text):
        yield from commands(code)


def commands(line: str) -> Iterator[list[str]]:
    """The words of each `orchestrate …`, `make …` or `ansible-playbook …` of a line of shell."""
    if not re.search(r"(^|[\s;(])(orchestrate|make|ansible-playbook|pipx) ", line):
        return
    lexer = shlex.shlex(line, posix=True, punctuation_chars=True)
    lexer.whitespace_split = True
    part: list[str] = []
    for word in [*lexer, ";"]:
        if word not in ENDS:
            part.append(word)
        elif part:
            yield without_prefix(part)
            part = []


def without_prefix(words: list[str]) -> list[str]:
    """Return the command without `sudo`, and without the variables that are set for it."""
    while words and (words[0] in {"$", "sudo"} or re.match(r"[A-Z_]+=", words[0])):
        words = words[1:]
    return words


def parse(words: list[str]) -> None:
    """Parse as the program would, but run nothing. UsageError says what it does not know."""
    command: click.Command = cli
    context: click.Context | None = None
    name = "orchestrate"
    while isinstance(command, click.Group) and words and words != ["--version"]:
        context = click.Context(command, parent=context, info_name=name)
        name, *words = words
        chosen = command.get_command(context, name)
        if chosen is None:
            raise click.UsageError(f"there is no command {name}", context)
        command = chosen
    if not isinstance(command, click.Group):
        command.make_context(name, words, parent=context)


def complaint(words: list[str], *, is_complete: bool) -> str:
    """Return the error that this command would end with before it begins; empty: none."""
    program, *rest = words
    match program:
        case "orchestrate":
            return parse_error(rest, is_complete=is_complete)
        case "make":
            unknown = {*rest} - {*TARGET.findall(text_of("Makefile"))}
        case "pipx":
            project = tomllib.loads(text_of("pyproject.toml"))["project"]
            unknown = {*EXTRA.findall(" ".join(rest))} - {*project["optional-dependencies"]}
        case _:
            playbooks = {word for word in rest if word.startswith("playbooks/")}
            unknown = {word for word in playbooks if not (ROOT / word).is_file()}
    return ", ".join(sorted(unknown))


def text_of(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def parse_error(words: list[str], *, is_complete: bool) -> str:
    try:
        parse(words)
    except click.MissingParameter as error:
        return error.format_message() if is_complete else ""
    except click.UsageError as error:
        return error.format_message()
    return ""


def complaints(page: Path) -> Iterator[str]:
    """`inline` commands may leave out their arguments: `orchestrate drain`."""
    for lines, is_complete in ((fenced(page), True), (inline(page), False)):
        for words in lines:
            if error := complaint(words, is_complete=is_complete):
                yield f"{shlex.join(words)}: {error}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_in_the_docs_can_be_typed(page: Path) -> None:
    assert list(complaints(page)) == []


@pytest.mark.parametrize(
    ("line", "error"),
    [
        pytest.param("orchestrate drian n3", "there is no command drian", id="command"),
        pytest.param("orchestrate lab upp", "there is no command upp", id="subcommand"),
        pytest.param("orchestrate plan --nosuch", "No such option", id="option"),
        pytest.param("orchestrate drain", "Missing argument", id="argument"),
        pytest.param("orchestrate ps -o xml", "'xml' is not one of", id="choice"),
        pytest.param("sudo make demmo", "demmo", id="target"),
        pytest.param("pipx install '.[labb]'", "labb", id="extra"),
        pytest.param("A=1 ansible-playbook playbooks/x.yml", "playbooks/x.yml", id="playbook"),
        pytest.param("orchestrate plan | orchestrate drian x", "there is no", id="second"),
    ],
)
def test_a_command_that_cannot_be_typed_is_noticed(line: str, error: str) -> None:
    errors = "; ".join(complaint(words, is_complete=True) for words in commands(line))

    assert error in errors
