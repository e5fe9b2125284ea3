"""Variables, profiles and the project's name: where they come from, and which source wins."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from orchestrate.errors import InputError, SpecError
from orchestrate.spec import Document, Loaded, Request, read
from tests.compose import read_with, refused

WEB = "services: {web: {image: 'web:$TAG'}}"


def environment_of(loaded: Loaded, name: str = "web") -> Mapping[str, str]:
    found: Mapping[str, str] = loaded.data["services"][name]["environment"]
    return found


@pytest.mark.parametrize(
    ("files", "environment", "asked", "tag"),
    [
        pytest.param({"shop/.env": "TAG=1"}, {}, (), "1", id="dotenv"),
        pytest.param({"shop/.env": "TAG=1"}, {"TAG": "2"}, (), "2", id="environment"),
        pytest.param({"shop/.env": "TAG=1", "a": "TAG=3"}, {}, ("a",), "3", id="instead-of-dotenv"),
        pytest.param({"a": "TAG=3", "b": "TAG=4"}, {}, ("a", "b"), "4", id="the-last-file"),
        pytest.param({"a": "TAG=3"}, {"TAG": "2"}, ("a",), "2", id="environment-over-files"),
        pytest.param({"a": "X=5", "b": "TAG=$X"}, {}, ("a", "b"), "5", id="of-the-file-before"),
        pytest.param({"a": "TAG"}, {"TAG": "6"}, ("a",), "6", id="a-name-alone"),
    ],
)
def test_the_strongest_source_wins(
    files: Mapping[str, str], environment: Mapping[str, str], asked: tuple[str, ...], tag: str
) -> None:
    loaded = read_with(WEB, files, environment, env_files=asked)

    assert loaded.project.services[0].image == f"web:{tag}"


def test_a_file_that_is_asked_for_must_be_there() -> None:
    assert refused(WEB, env_files=("gone",))[0] == "--env-file: gone: no such file"


@pytest.mark.parametrize(
    ("line", "value"),
    [
        pytest.param("A=b c", "b c", id="plain"),
        pytest.param("export A=b", "b", id="export"),
        pytest.param("A: b", "b", id="colon"),
        pytest.param("A=b # c", "b", id="comment"),
        pytest.param("A=b#c", "b#c", id="no-comment"),
        pytest.param("A='b # $c'", "b # $c", id="single-quotes"),
        pytest.param("A='it\\'s'", "it's", id="quote-in-quotes"),
        pytest.param('A="b\\nc"', "b\nc", id="escape"),
        pytest.param('A="b\nc" # d', "b\nc", id="two-lines"),
        pytest.param('A="\\$B"', "$B", id="dollar"),
        pytest.param("A=", "", id="empty"),
        pytest.param("# c\n\n  A=b\r\n", "b", id="blank-lines"),
        pytest.param("B=x\nA=${B}y", "xy", id="line-above"),
        pytest.param("\ufeffA=b", "b", id="byte-order-mark"),
    ],
)
def test_a_line_of_variables(line: str, value: str) -> None:
    loaded = read_with(
        "services: {web: {image: w, environment: {X: '${A-unset}'}}}", {"shop/.env": line}
    )

    assert environment_of(loaded) == {"X": value}


@pytest.mark.parametrize(
    ("line", "said"),
    [
        pytest.param("A b", "shop/.env:1:1: expected a line such as NAME=value", id="no-name"),
        pytest.param("\nA='b", "shop/.env:2:3: the quote that begins here has no end", id="open"),
        pytest.param(
            "A='b' c",
            "shop/.env:1:6: expected the end of the line after the closing quote",
            id="more",
        ),
        pytest.param("A=${", "shop/.env:1:1: ", id="template"),
    ],
)
def test_a_line_that_is_wrong_is_named(line: str, said: str) -> None:
    assert refused("services: {web: {image: w}}", {"shop/.env": line})[0].startswith(said)


ENV_FILES = """
services:
  web:
    image: web:1
    env_file:
      - a.env
      - {path: ../b.env, required: false}
      - {path: gone.env, required: false}
      - {path: raw.env, format: raw}
    environment:
      OWN: own
      ALONE:
"""


def test_variables_of_a_service_come_from_its_files() -> None:
    files = {
        "shop/a.env": "OWN=a\nA=a\nBOTH=a\nUSES=${OWN} ${HOST}\nHOST_HAS\nNOBODY_HAS",
        "b.env": "BOTH=b",
        "shop/raw.env": "RAW='$A'\nEMPTY=",
    }

    found = read_with(ENV_FILES, files, {"HOST": "h", "HOST_HAS": "x", "ALONE": "y"})

    assert environment_of(found) == {
        "A": "a",
        "ALONE": "y",
        "BOTH": "b",
        "EMPTY": "",
        "HOST_HAS": "x",
        "OWN": "own",
        "RAW": "'$A'",
        "USES": "own h",
    }


def test_a_file_of_variables_alone_is_enough() -> None:
    found = read_with("services: {web: {image: w, env_file: a}}", {"shop/a": "A=1"})

    assert environment_of(found) == {"A": "1"}


def test_what_is_wrong_with_files_of_variables_is_said_where_they_are_named() -> None:
    text = """
services:
  a: {image: w, env_file: gone.env}
  b: {image: w, env_file: [{path: x, format: json}, 'https://x/y', ~]}
  c: {image: w, env_file: {path: x}}
  d: {image: w, env_file: nul.env}
"""
    said = refused(text, {"shop/nul.env": "A=\0", "shop/x": ""})

    assert [line.partition(" ")[2] for line in said] == [
        "services.a.env_file: shop/gone.env: no such file",
        'services.b.env_file[0].format: expected "raw", got "json"',
        (
            'services.b.env_file[1]: expected a path, got "https://x/y": only files of this machine are read: '
            "get it, and name where it is"
        ),
        "services.b.env_file[2]: expected a path or a mapping, got nothing",
        "services.c.env_file: expected a path or a list of paths, got a mapping",
        "services.d.env_file: shop/nul.env: is no text, it has the character U+0000",
    ]


def test_a_file_that_cannot_be_read_is_a_problem_like_others() -> None:
    def fail(name: str) -> str | None:
        if name.endswith("secret.env"):
            raise InputError(f"{name}: permission denied")
        return None

    document = Document("compose.yml", "services: {web: {image: w, env_file: secret.env}}")
    with pytest.raises(SpecError, match=r"env_file: secret\.env: permission denied"):
        read([document], {}, "/srv/shop", Request(read_file=fail))


def test_files_have_a_bound_together() -> None:
    text = "services: {web: {image: w, env_file: [a, a, a]}}"

    assert "characters in all" in refused(text, {"shop/a": "#" * 20_000_000})[-1]


@pytest.mark.parametrize(
    ("text", "variable", "asked", "name"),
    [
        pytest.param(WEB, "", "", "shop", id="directory"),
        pytest.param(f"name: own\n{WEB}", "", "", "own", id="file"),
        pytest.param(f"name: own\n{WEB}", "variable", "", "variable", id="variable"),
        pytest.param(f"name: own\n{WEB}", "variable", "asked", "asked", id="argument"),
        pytest.param("name: my-${TAG}\n" + WEB, "", "", "my-1", id="filled-in"),
    ],
)
def test_the_name_of_a_project(text: str, variable: str, asked: str, name: str) -> None:
    named = text + "\nx-a: &a {N: $COMPOSE_PROJECT_NAME}\n"
    given = {"TAG": "1"} | ({"COMPOSE_PROJECT_NAME": variable} if variable else {})

    found = read_with(named, {}, given, project_name=asked)

    assert found.project.name == name


def test_the_name_is_a_variable_of_the_files() -> None:
    found = read_with("services: {web: {image: 'w:$COMPOSE_PROJECT_NAME'}}", project_name="x")

    assert found.project.services[0].image == "w:x"


def test_a_name_that_is_none_is_refused_where_it_was_given() -> None:
    assert refused(WEB, project_name="Shop!")[0].startswith("--project-name: name: expected")


def test_labels_of_a_service_come_from_its_files() -> None:
    text = "services: {web: {image: w, label_file: [a, b], labels: {own: own}}, x: {image: x, label_file: }}"
    files = {
        "shop/a": "own=a\na.b=${HOST:-none}\nboth=a",
        "shop/b": "both='b'\nuses=$own\nalone",
    }

    found = read_with(text, files, {"HOST": "h"}).data["services"]

    assert found["web"]["labels"] == {
        "a.b": "none",
        "alone": "",
        "both": "b",
        "own": "own",
        "uses": "a",
    }


def test_what_is_wrong_with_files_of_labels_is_said() -> None:
    text = """
services:
  a: {image: w, label_file: gone}
  b: {image: w, label_file: {path: x}, labels: 5}
  c: {image: w, label_file: [~/x, [y], ok], labels: 5}
  d: {image: w, label_file: ok}
"""

    assert [line.partition(" ")[2] for line in refused(text, {"shop/ok": "orchestrate.x=1"})] == [
        "services.a.label_file: shop/gone: no such file",
        "services.b.label_file: expected a path or a list of paths, got a mapping",
        'services.b.labels: expected a mapping or a list of NAME=VALUE, got "5"',
        (
            'services.c.label_file[0]: expected a path, got "~/x": name it from /, or from the directory '
            "of the Compose file"
        ),
        "services.c.label_file[1]: expected a path, got a list",
        'services.c.labels: expected a mapping or a list of NAME=VALUE, got "5"',
        (
            'services.d.labels.orchestrate.x: expected the name of a label, got "orchestrate.x": labels that '
            "begin so are how containers are recognised as ours"
        ),
    ]


def test_variables_of_variables_have_an_end() -> None:
    lines = ["A0=0123456789", *(f"A{n}=$A{n - 1}$A{n - 1}" for n in range(1, 60))]

    said = refused(WEB, {"shop/.env": "\n".join(lines)})[0]

    assert said.startswith("shop/.env:20:1: has more than 5000000 characters when it is filled in")


def test_a_large_variable_that_is_used_often_has_an_end() -> None:
    text = "x-a: [&a $A" + ", *a" * 100 + "]\n" + WEB

    (said,) = refused(text, environment={"A": "x" * 4_000_000})

    assert (
        said
        == "shop/compose.yml:1:58: x-a[12]: the variables fill in more than 50000000 characters"
    )


def test_a_name_that_is_no_text_is_refused_and_no_other_is_taken() -> None:
    documents = [Document("a.yml", f"name: [x]\n{WEB}"), Document("b.yml", "x-a: 1")]

    with pytest.raises(SpecError, match=r"a\.yml:1:1: name: expected a name of a-z"):
        read(documents, {"TAG": "1"}, "/srv/shop")
