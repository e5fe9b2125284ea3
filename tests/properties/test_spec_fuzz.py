"""Whatever a file holds, it becomes a project, or an error that a person can read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from orchestrate.errors import SpecError
from orchestrate.spec import Document, Loaded, read, restore, write
from orchestrate.spec.quantities import format_duration, parse_duration
from orchestrate.spec.rules.deploy import DEPLOY
from orchestrate.spec.rules.health import HEALTHCHECK
from orchestrate.spec.rules.ingress import INGRESS
from orchestrate.spec.rules.project import PROJECT
from orchestrate.spec.rules.service import SERVICE
from orchestrate.spec.template import expand, parse_template
from tests.compose import as_compose
from tests.examples import examples

CASES = Path(__file__).parents[1] / "cases/spec"
WHOLE_FILES = sorted(path.read_text(encoding="utf-8") for path in CASES.glob("*/compose.yml"))
SECTIONS = (PROJECT, SERVICE, DEPLOY, HEALTHCHECK, INGRESS)
KEYS = sorted({key for section in SECTIONS for key in section.keys} | {"limits", "source", "type"})
ENVIRONMENT = {"A": "1", "B": "", "C": "$A"}

many, few = examples(50), examples(20)

odd_texts = st.sampled_from(
    [
        "",
        "0",
        "-1",
        "1e9",
        "80:80",
        "a:/b",
        "${A",
        "${A:-${B}}",
        "$$",
        "null",
        "yes",
        "1m",
        "/",
        "\\",
        "'",
    ]
)
scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | odd_texts
yaml_texts = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=20)
names = st.sampled_from(KEYS) | st.text(max_size=5)
contents = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=4),
    max_leaves=12,
)
services = st.dictionaries(
    st.sampled_from(["web", "api", "a.b", ""]),
    st.dictionaries(st.sampled_from(sorted(SERVICE.keys)), contents, max_size=6)
    | st.fixed_dictionaries({"image": st.just("web:1"), "deploy": contents, "ports": contents}),
    max_size=3,
)


def read_anything(*texts: str) -> Loaded | None:
    """Read them; what is refused must be refused in words, and what is not must last."""
    documents = [Document(f"{number}.yml", text) for number, text in enumerate(texts)]
    try:
        loaded = read(documents, ENVIRONMENT, "/srv/shop")
    except SpecError as error:
        lines, problems = str(error).splitlines(), error.problems
    else:
        assert restore(json.loads(json.dumps(loaded.data))) == loaded.project
        again = read([Document("again.yml", write(loaded.data))], {}, "/elsewhere")
        assert (again.project, again.data) == (loaded.project, loaded.data)
        assert write(again.data) == write(loaded.data)
        return loaded
    assert len(lines) == len(problems) > 0
    return None


@many
@given(st.text())
def test_any_text(text: str) -> None:
    read_anything(text)


@many
@given(st.text(alphabet="ab:-[]{}&*!|>#%@'\"\\ \n\t<?,.0$~"))
def test_any_text_that_looks_like_yaml(text: str) -> None:
    read_anything(text)


@many
@given(st.fixed_dictionaries({"services": services | contents}, optional={"volumes": contents}))
def test_any_data_under_known_keys(data: Any) -> None:
    read_anything(json.dumps(data, ensure_ascii=False))


@many
@given(st.data())
def test_a_good_file_with_a_piece_changed(data: st.DataObject) -> None:
    text = data.draw(st.sampled_from(WHOLE_FILES))
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, min(start + 30, len(text))))
    piece = data.draw(odd_texts | st.text(max_size=5) | st.just(text[start : end + 40]))

    read_anything(text[:start] + piece + text[end:])


@few
@given(st.lists(st.sampled_from(WHOLE_FILES), min_size=2, max_size=3))
def test_any_files_over_each_other(texts: list[str]) -> None:
    read_anything(*texts)


@few
@given(services, st.sampled_from(WHOLE_FILES))
def test_any_data_over_a_good_file(over: Any, text: str) -> None:
    read_anything(text, json.dumps({"services": over}, ensure_ascii=False))


@few
@given(
    st.dictionaries(st.sampled_from(["A", "B", "LONG_NAME"]), yaml_texts),
    st.lists(yaml_texts, max_size=4),
    st.integers(0, 10**9 - 1),
)
def test_values_arrive_as_they_were_written(
    environment: dict[str, str], command: list[str], replicas: int
) -> None:
    web = {"image": "web:1", "environment": environment, "command": command}
    text = as_compose({"services": {"web": {**web, "deploy": {"replicas": replicas}}}})

    loaded = read_anything(text)

    assert loaded is not None
    (service,) = loaded.project.services
    assert service.container.environment == environment
    assert service.container.command == tuple(command)
    assert service.deploy.replicas == replicas


@many
@given(st.text())
def test_doubled_dollar_signs_are_dollar_signs(text: str) -> None:
    assert expand(parse_template(text.replace("$", "$$")), ENVIRONMENT).text == text


@few
@given(st.integers(0, 10**15))
def test_a_duration_is_read_as_it_was_written(microseconds: int) -> None:
    seconds = microseconds / 1_000_000

    assert parse_duration(format_duration(seconds)) == seconds
