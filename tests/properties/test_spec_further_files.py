"""Whatever files name each other, and whatever is in them: a project or words, and nothing else is read."""

from __future__ import annotations

import json
import posixpath
from collections.abc import Mapping
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from orchestrate.errors import SpecError
from orchestrate.spec import Document, Loaded, Request, read, write
from orchestrate.spec.dotenv import read_raw_variables, read_variables
from orchestrate.spec.located import Diagnostics
from orchestrate.spec.merge import inherit, merge
from tests.compose import plain, tree
from tests.examples import examples

many = examples(20)

NAMES = ("a.yml", "b/c.yml", "b/d.yml", "web.env")
paths = st.sampled_from(
    [
        *NAMES,
        "c.yml",
        "../a.yml",
        "./b/../a.yml",
        "b/gone.yml",
        "/etc/x",
        "~/a.yml",
        "",
        "https://h/a.yml",
    ]
) | st.sampled_from(["${DIR}/c.yml", "$NONE", "${DIR"])
texts = st.text(
    st.characters(exclude_categories=["Cs", "Cc", "Co", "Cn"]), max_size=5
) | st.sampled_from(["$A", "${A:-${B}}", "${A:?}", "$$", "null"])
odd = st.none() | st.sampled_from(["x", "$A"]) | st.lists(paths, max_size=2) | st.just({"x": None})
services = st.sampled_from(["web", "db", "job"])


def often(usual: st.SearchStrategy[Any], rare: st.SearchStrategy[Any] = odd) -> Any:
    return st.integers(0, 9).flatmap(lambda number: usual if number else rare)


extends = often(services | st.fixed_dictionaries({"service": services}, optional={"file": paths}))
service = st.fixed_dictionaries(
    {},
    optional={
        "image": st.just("web:1"),
        "extends": extends,
        "env_file": often(
            paths | st.lists(paths | st.fixed_dictionaries({"path": paths}), max_size=2)
        ),
        "label_file": often(paths | st.lists(paths, max_size=2)),
        "environment": st.dictionaries(st.sampled_from("AB"), texts | st.none(), max_size=2),
        "labels": st.lists(texts, max_size=2),
        "ports": st.lists(st.sampled_from(["80:80", "81:80", "82-83:1-2"]), max_size=2),
        "profiles": st.lists(st.sampled_from(["x", "y"]), max_size=1),
        "depends_on": st.lists(services, max_size=1),
    },
)
entry = paths | st.fixed_dictionaries(
    {"path": often(paths | st.lists(paths, max_size=2))},
    optional={"project_directory": paths, "env_file": often(paths | st.lists(paths, max_size=2))},
)
files = st.fixed_dictionaries(
    {"services": often(st.dictionaries(services, often(service), max_size=3))},
    optional={
        "include": often(st.lists(often(entry), max_size=2)),
        "configs": st.just({"c": {"file": "./c.conf"}}),
        "volumes": often(
            st.dictionaries(st.sampled_from("vw"), st.none() | st.just({}), max_size=2)
        ),
        "name": texts,
    },
)
variables = st.text("AB=$'\"\\n{}:- #x\n", max_size=30)


class Door(dict[str, str]):
    """The texts of files, and the names that were asked for."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        super().__init__(texts)
        self.asked: set[str] = set()

    def read(self, name: str) -> str | None:
        self.asked.add(name)
        return self.get(name)


@many
@given(files, st.lists(files, min_size=3, max_size=3), variables, variables)
def test_any_files_that_name_each_other(
    main: Any, others: list[Any], env: str, dotenv: str
) -> None:
    written = [json.dumps(file, ensure_ascii=False) for file in others]
    door = Door({**dict(zip(NAMES, [*written, env], strict=True)), ".env": dotenv, "b/.env": env})

    loaded = read_anything(json.dumps(main, ensure_ascii=False), door)

    named = {posixpath.basename(path) for path in (*NAMES, "x", "gone.yml", ".env")}
    assert {posixpath.basename(name) for name in door.asked} <= named | {""}
    if loaded:
        again = read([Document("again.yml", write(loaded.data))], {}, "/elsewhere")
        assert again.data == loaded.data


def read_anything(text: str, door: Door) -> Loaded | None:
    request = Request(read_file=door.read, profiles=("x",))
    try:
        return read([Document("compose.yml", text)], {"DIR": "b"}, "/srv/shop", request)
    except SpecError as error:
        lines, problems = str(error).splitlines(), error.problems
    assert len(lines) == len(problems) > 0
    return None


@many
@given(st.text(), st.text("AB=$'\"\\n{}:-?+ #\n\r\t0x\ufeff", max_size=60))
def test_any_file_of_variables(one: str, other: str) -> None:
    for text in (one, other):
        document, findings = Document("x.env", text), Diagnostics()
        found = read_variables(document, {"A": "$B", "B": "'"}, findings)
        raw = read_raw_variables(document, findings)
        assert all(
            value.content is None or isinstance(value.content, str) for value in found.values()
        )
        assert all(name and "=" not in name for name in raw)


@many
@given(
    st.dictionaries(
        st.from_regex(r"\A[A-Z_]{1,5}\Z"), st.text(st.characters(exclude_characters="\0\r"))
    )
)
def test_quoted_variables_arrive_as_they_were_written(values: dict[str, str]) -> None:
    def quoted(value: str) -> str:
        return value.replace("\\", "\\\\").replace('"', '\\"').replace("$", "\\$")

    text = "\n".join(f'{name}="{quoted(value)}"' for name, value in values.items())
    found = read_variables(Document("x.env", text), {}, Diagnostics())

    assert {name: value.content for name, value in found.items()} == values


trees = st.builds(lambda data: tree(json.dumps(data, ensure_ascii=False)), files)


@many
@given(trees, trees)
def test_what_is_merged_over_nothing_or_itself(one: Any, other: Any) -> None:
    findings = Diagnostics()
    nothing = tree("{}")

    assert plain(merge([nothing, one], findings).content) == plain(one.content)
    assert plain(inherit(one, nothing, findings, ()).content) == plain(one.content)
    merged = merge([one, other], findings)
    if not findings.problems:
        assert merge([merged, nothing], findings) == merged._replace(place=nothing.place)
