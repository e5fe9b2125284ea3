"""`extends`: what a service takes in of another one, and from where."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from orchestrate.errors import SpecError
from orchestrate.spec import Document, read
from tests.compose import read_with, refused


def services(text: str, files: Mapping[str, str] | None = None, **asked: Any) -> Any:
    return read_with(text, files, **asked).data["services"]


BASE = """
services:
  base:
    image: web:1
    environment: {TZ: utc, PORT: 80}
    expose: [80]
    command: [base]
    labels: [a=1]
    networks: [front]
  web:
    extends: {service: base}
    environment: [PORT=8080]
    expose: [80, 81]
    command: [web]
    labels: {b: 2}
    networks: {back: }
  same: {extends: base, image: 'web:2'}
networks: {front: , back: }
"""


def test_a_service_of_the_same_file_is_taken_in() -> None:
    found = services(BASE)

    assert found["same"] == {**found["base"], "image": "web:2"}
    assert found["web"] == {
        "image": "web:1",
        "command": ["web"],
        "environment": {"PORT": "8080", "TZ": "utc"},
        "labels": {"a": "1", "b": "2"},
        "expose": ["80", "81"],
        "networks": {"back": {}, "front": {}},
    }


CHAIN = """
services:
  web: {extends: {file: ../common/web.yml, service: web}, environment: {C: web}}
  again: {extends: {file: ../common/web.yml, service: web}}
"""
COMMON = {
    "common/web.yml": """
services:
  web:
    extends: {file: base/base.yml, service: base}
    environment: {B: $B, C: common}
    env_file: web.env
    label_file: [web.labels]
  unused: {image: '${MISSING:?}'}
""",
    "common/base/base.yml": """
services:
  base: {image: base:1, env_file: [{path: ./base.env}], environment: {A: base, B: base}}
""",
    "common/web.env": "ENV=web",
    "common/base/base.env": "ENV=base\nBASE=1",
    "common/web.labels": "x.y=1",
}


def test_paths_begin_at_the_file_that_they_stand_in() -> None:
    found = services(CHAIN, COMMON, environment={"B": "filled in"})

    assert found["again"]["environment"]["C"] == "common"
    assert found["web"] == {
        "image": "base:1",
        "environment": {"A": "base", "B": "filled in", "BASE": "1", "C": "web", "ENV": "web"},
        "labels": {"x.y": "1"},
    }


def test_only_what_is_named_is_read() -> None:
    asked: list[str] = []

    class Noting(dict[str, str]):
        def get(self, name: str, default: Any = None) -> Any:
            asked.append(name)
            return super().get(name, default)

    services(CHAIN, Noting(COMMON), environment={"B": ""})

    assert sorted(asked) == sorted([*COMMON, "shop/.env"])


def test_a_service_may_be_extended_through_several_others_in_any_order() -> None:
    found = services("""
services:
  c: {extends: b, user: c}
  b: {extends: a, working_dir: /b}
  a: {image: 'a:1', user: a}
""")

    assert found["c"] == {"image": "a:1", "user": "c", "working_dir": "/b"}


def test_another_file_may_change_what_was_extended() -> None:
    first = "services: {base: {image: 'a:1', expose: [1]}, web: {extends: base, expose: [2]}}"
    second = """
services:
  own: {image: 'b:1', expose: [5], user: own, labels: {a: b}}
  web: {extends: own, expose: !override [3], labels: !reset {}}
"""
    documents = [Document("a.yml", first), Document("b.yml", second)]

    web = read(documents, {}, "/srv/shop").data["services"]["web"]

    assert web == {"image": "b:1", "user": "own", "expose": ["3"]}


def test_a_healthcheck_that_is_extended_may_be_switched_off() -> None:
    found = services("""
services:
  base: {image: 'a:1', healthcheck: {test: x, interval: 5s}}
  web: {extends: base, healthcheck: {disable: true}}
""")

    assert found["web"]["healthcheck"] == {"interval": "5s", "disable": True}


def test_tags_replace_what_is_extended() -> None:
    found = services("""
services:
  base: {image: 'a:1', expose: [1], labels: {a: b}, user: x}
  web: !override {extends: base, expose: !override [2], labels: !reset {}}
""")

    assert found["web"] == {"image": "a:1", "expose": ["2"], "user": "x"}


def ports(*texts: str) -> list[str]:
    documents = [Document(f"{number}.yml", text) for number, text in enumerate(texts)]
    (web,) = (one for one in read(documents, {}, "/srv/shop").project.services if one.name == "web")
    return [f"{port.published}:{port.target}" for port in web.network.ports]


def test_what_is_unique_in_a_list_may_be_said_again_by_whoever_extends() -> None:
    file = "services: {base: {image: a, ports: ['80:1', '81:1']}, web: {extends: base, ports: ['80:1']}}"
    over = "services: {base: {ports: ['90:1']}, web: {extends: base, ports: ['81:1', '90:1']}}"

    with pytest.raises(SpecError, match="the port 80/tcp is published already"):
        ports(file)
    only = "services: {base: !reset , web: {profiles: !reset }}"
    assert ports(file, only) == ["80:1", "81:1"]
    assert ports(file, over, only) == ["80:1", "81:1", "90:1"]


@pytest.mark.parametrize(
    ("web", "files", "said"),
    [
        pytest.param(
            "extends: {file: other.yml, service: web}",
            {},
            "shop/compose.yml:3:9: services.web.extends: shop/other.yml: no such file",
            id="no-file",
        ),
        pytest.param(
            "extends: {file: other.yml, service: webside}",
            {"shop/other.yml": "services: {website: {}}"},
            'shop/compose.yml:3:9: services.web.extends: there is no service "webside" in shop/other.yml: '
            'did you mean "website"?',
            id="no-service-there",
        ),
        pytest.param(
            "extends: {file: other.yml, service: web}",
            {"shop/other.yml": "x-a: 1"},
            'shop/compose.yml:3:9: services.web.extends: there is no service "web" in shop/other.yml: '
            "name one of its services",
            id="no-services-there",
        ),
        pytest.param(
            "extends: nobody",
            {},
            'shop/compose.yml:3:9: services.web.extends: there is no service "nobody" in shop/compose.yml: '
            "name one of its services",
            id="no-service",
        ),
        pytest.param(
            "extends: {service: db, from: x}",
            {},
            "shop/compose.yml:3:32: services.web.extends.from: is not a known key: remove it, or begin it "
            "with x-",
            id="key",
        ),
        pytest.param(
            "extends: {file: a.yml}",
            {},
            'shop/compose.yml:3:9: services.web.extends: has no "service": name the service to extend',
            id="half",
        ),
        pytest.param(
            "extends: [db]",
            {},
            "shop/compose.yml:3:9: services.web.extends: expected the name of a service or a mapping, "
            "got a list",
            id="list",
        ),
        pytest.param(
            "extends: {file: 'https://x/y', service: web}",
            {},
            'shop/compose.yml:3:19: services.web.extends.file: expected a path, got "https://x/y": '
            "only files of this machine are read: get it, and name where it is",
            id="remote",
        ),
        pytest.param(
            "extends: {file: other.yml, service: web}",
            {"shop/other.yml": "services: {web: {"},
            "shop/other.yml:1:18: not valid YAML: did not find expected node content (while parsing a "
            "flow node)",
            id="not-yaml",
        ),
        pytest.param(
            "extends: {file: other.yml, service: web}",
            {"shop/other.yml": "services: {web: {image: a, user: 'b c'}}"},
            'shop/other.yml:1:28: services.web.user: expected a user such as "1000:1000" or "app", '
            'got "b c"',
            id="mistake-there",
        ),
        pytest.param(
            "extends: {file: other.yml, service: web}",
            {"shop/other.yml": "services: {web: {image: '${A:?}'}}"},
            "shop/other.yml:1:18: services.web.image: the variable A must be set",
            id="variable-there",
        ),
        pytest.param(
            "extends: '${A:?}'",
            {},
            "shop/compose.yml:3:9: services.web.extends: the variable A must be set",
            id="variable",
        ),
        pytest.param(
            "extends: web",
            {},
            "shop/compose.yml:3:9: services.web.extends: extends itself: web (shop/compose.yml) <- "
            "web (shop/compose.yml)",
            id="itself",
        ),
        pytest.param(
            "extends: {file: other.yml, service: a}",
            {
                "shop/other.yml": "services: {a: {extends: b}, b: "
                "{extends: {file: ../shop/other.yml, service: a}}}"
            },
            "shop/other.yml:1:33: services.b.extends: extends itself: a (shop/other.yml) <- "
            "b (shop/other.yml) <- a (shop/other.yml)",
            id="circle",
        ),
    ],
)
def test_what_cannot_be_extended_is_said_with_its_place(
    web: str, files: Mapping[str, str], said: str
) -> None:
    text = f"services:\n  web:\n        {web}\n  db: {{image: db}}\n"

    assert refused(text, files) == [said]


@pytest.mark.parametrize("order", [1, -1], ids=["base-first", "base-last"])
def test_a_chain_has_an_end(order: int) -> None:
    chain = [f"  s{n}: {{extends: s{n - 1}}}" for n in range(1, 60)][::order]

    (said,) = refused("\n".join(["services:", "  s0: {image: a}", *chain]))

    assert "is the last of more than 50 services that extend each other" in said


def test_what_is_extended_often_counts_each_time() -> None:
    base = "  base: {image: a, command: [" + "x, " * 5_000 + "]}"
    others = [f"  s{n}: {{extends: base}}" for n in range(250)]

    (said,) = refused("\n".join(["services:", base, *others]))

    assert "there are over 1000000 values" in said


def test_services_that_are_none_are_judged_as_such() -> None:
    assert refused("services: [web]") == [
        "shop/compose.yml:1:1: services: expected a mapping, got a list"
    ]
