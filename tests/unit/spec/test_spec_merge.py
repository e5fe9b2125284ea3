"""Several files to one: what merges, what appends, what replaces."""

from __future__ import annotations

from typing import Any

import pytest

from orchestrate.spec.load import Document, load
from orchestrate.spec.located import Diagnostics
from orchestrate.spec.merge import merge
from tests.compose import plain, tree


def merged(*texts: str) -> tuple[Any, list[str]]:
    findings = Diagnostics()
    roots = [tree(text, f"{number}.yml") for number, text in enumerate(texts, start=1)]
    content = plain(merge(roots, findings).content)
    return content, [str(problem) for problem in findings.problems]


def of_service(earlier: str, later: str) -> Any:
    """What two files say of one service, merged."""
    content, problems = merged(*(f"services: {{web: {text}}}" for text in (earlier, later)))
    assert problems == []
    return content["services"]["web"]


@pytest.mark.parametrize(
    ("key", "earlier", "later", "expected"),
    [
        ("image", "a", "b", "b"),
        ("image", "a", "", "a"),
        ("user", "", "b", "b"),
        ("deploy", "{replicas: 1, mode: x}", "{replicas: 2}", {"replicas": "2", "mode": "x"}),
        ("ports", "['1:1']", "['2:2']", ["1:1", "2:2"]),
        ("command", "[a, b]", "[c]", ["c"]),
        ("command", "[a, b]", "c", "c"),
        ("command", "[a, b]", "", None),
        ("entrypoint", "a", "[b]", ["b"]),
        ("gpus", "all", "[{count: 1}]", [{"count": "1"}]),
    ],
)
def test_mappings_merge_lists_append_and_texts_are_replaced(
    key: str, earlier: str, later: str, expected: Any
) -> None:
    assert of_service(f"{{{key}: {earlier}}}", f"{{{key}: {later}}}") == {key: expected}


PAIRS = ["environment", "labels", "annotations", "sysctls"]


@pytest.mark.parametrize("key", PAIRS)
@pytest.mark.parametrize("earlier", ["{A: 1, B: 2}", "[A=1, B=2]"])
@pytest.mark.parametrize("later", ["{B: 3, C: }", "[B=3, C]"])
def test_pairs_merge_by_name_in_either_form(key: str, earlier: str, later: str) -> None:
    assert of_service(f"{{{key}: {earlier}}}", f"{{{key}: {later}}}") == {
        key: {"A": "1", "B": "3", "C": None}
    }


def test_a_name_without_a_value_takes_the_place_of_one_with_a_value() -> None:
    """Its value is then the environment's."""
    assert of_service("{environment: {A: 1}}", "{environment: [A]}") == {"environment": {"A": None}}


@pytest.mark.parametrize("top", ["networks", "volumes", "configs", "secrets"])
def test_labels_of_what_is_at_the_top_are_pairs_too(top: str) -> None:
    first, second = (f"{top}: {{x: {{labels: {text}}}}}" for text in ("[a=1]", "{b: 2}"))

    assert merged(first, second)[0] == {top: {"x": {"labels": {"a": "1", "b": "2"}}}}


@pytest.mark.parametrize("key", ["dns", "dns_search", "dns_opt", "env_file", "label_file", "tmpfs"])
@pytest.mark.parametrize(
    ("earlier", "later", "expected"),
    [("a", "b", ["a", "b"]), ("a", "[b]", ["a", "b"]), ("[a, b]", "a", ["a", "b"])],
)
def test_a_text_is_a_list_of_one(key: str, earlier: str, later: str, expected: list[str]) -> None:
    assert of_service(f"{{{key}: {earlier}}}", f"{{{key}: {later}}}") == {key: expected}


@pytest.mark.parametrize(
    "key", ["cap_add", "expose", "profiles", "security_opt", "links", "device_cgroup_rules"]
)
def test_equal_items_of_lists_are_one(key: str) -> None:
    assert of_service(f"{{{key}: [a, b]}}", f"{{{key}: [c, a]}}") == {key: ["a", "b", "c"]}


@pytest.mark.parametrize(
    ("earlier", "later", "expected"),
    [
        pytest.param(
            "{env_file: [a, b]}",
            "{env_file: [{path: a, required: false}, {format: raw}]}",
            {"env_file": [{"path": "a", "required": "false"}, "b", {"format": "raw"}]},
            id="env-files-by-path",
        ),
        pytest.param(
            "{devices: ['/dev/a:/dev/x', /dev/b]}",
            "{devices: [{source: /dev/c, target: /dev/x}, '/dev/d:/dev/b:r']}",
            {"devices": [{"source": "/dev/c", "target": "/dev/x"}, "/dev/d:/dev/b:r"]},
            id="devices-by-target",
        ),
        pytest.param(
            "{blkio_config: {device_read_bps: [{path: /dev/a, rate: 1}]}}",
            "{blkio_config: {device_read_bps: [{path: /dev/a, rate: 2}]}}",
            {"blkio_config": {"device_read_bps": [{"path": "/dev/a", "rate": "2"}]}},
            id="devices-by-path",
        ),
        pytest.param(
            "{networks: {front: {aliases: [a]}}}",
            "{networks: {front: {aliases: [a, b]}}}",
            {"networks": {"front": {"aliases": ["a", "b"]}}},
            id="aliases",
        ),
        pytest.param(
            "{networks: [front]}",
            "{networks: {front: {priority: 1}, back: }}",
            {"networks": {"front": {"priority": "1"}, "back": None}},
            id="networks-by-name",
        ),
        pytest.param(
            "{depends_on: {db: {condition: service_healthy, restart: true}}}",
            "{depends_on: [db]}",
            {
                "depends_on": {
                    "db": {"condition": "service_started", "restart": "true", "required": "true"}
                }
            },
            id="dependencies-by-name",
        ),
        pytest.param(
            "{extra_hosts: {a: 1.1.1.1}}",
            "{extra_hosts: ['a:1.1.1.1', 'b=::1', 'a=2.2.2.2']}",
            {"extra_hosts": ["a=1.1.1.1", "b=::1", "a=2.2.2.2"]},
            id="hosts",
        ),
        pytest.param(
            "{extra_hosts: {a: [1.1.1.1, '::1'], b: }}",
            "{extra_hosts: {a: 2.2.2.2}}",
            {"extra_hosts": ["a=1.1.1.1", "a=::1", "b=", "a=2.2.2.2"]},
            id="hosts-with-several-addresses",
        ),
        pytest.param(
            "{build: ./a}",
            "{build: {target: x}}",
            {"build": {"context": "./a", "target": "x"}},
            id="build",
        ),
        pytest.param(
            "{ulimits: {nofile: 10}}",
            "{ulimits: {nofile: {soft: 1, hard: 2}}}",
            {"ulimits": {"nofile": {"soft": "1", "hard": "2"}}},
            id="ulimits",
        ),
        pytest.param(
            "{ulimits: {nofile: {soft: 1, hard: 2}, nproc: {soft: 1, hard: 2}}}",
            "{ulimits: {nofile: 10, nproc: {hard: 3}}}",
            {"ulimits": {"nofile": "10", "nproc": {"soft": "1", "hard": "3"}}},
            id="ulimits-both-at-once",
        ),
        pytest.param(
            "{logging: {driver: syslog, options: {a: 1}}}",
            "{logging: {driver: local, options: {b: 1}}}",
            {"logging": {"driver": "local", "options": {"b": "1"}}},
            id="logging-of-another-driver",
        ),
        pytest.param(
            "{logging: {driver: local, options: {a: 1}}}",
            "{logging: {options: {b: 1}}}",
            {"logging": {"driver": "local", "options": {"a": "1", "b": "1"}}},
            id="logging-of-one-driver",
        ),
        pytest.param(
            "{healthcheck: {test: a, interval: 1s}}",
            "{healthcheck: {disable: true}}",
            {"healthcheck": {"interval": "1s", "disable": "true"}},
            id="healthcheck-disabled",
        ),
        pytest.param(
            "{healthcheck: {disable: true, interval: 1s}}",
            "{healthcheck: {test: [CMD, a]}}",
            {"healthcheck": {"interval": "1s", "test": ["CMD", "a"]}},
            id="healthcheck-enabled",
        ),
        pytest.param(
            "{healthcheck: {test: a}}",
            "{healthcheck: {interval: 1s}}",
            {"healthcheck": {"test": "a", "interval": "1s"}},
            id="healthcheck",
        ),
        pytest.param("{x-a: [1]}", "{x-a: [1]}", {"x-a": ["1", "1"]}, id="what-is-others"),
    ],
)
def test_keys_with_a_rule_of_their_own(earlier: str, later: str, expected: Any) -> None:
    assert of_service(earlier, later) == expected


def test_subnets_of_a_network_are_told_apart() -> None:
    first = "networks: {x: {ipam: {config: [{subnet: a, gateway: b}, {subnet: c}]}}}"
    second = "networks: {x: {ipam: {config: [{subnet: a, gateway: d}]}}}"

    (network,) = merged(first, second)[0]["networks"].values()
    assert network["ipam"]["config"] == [{"subnet": "a", "gateway": "d"}, {"subnet": "c"}]


def test_files_merge_one_after_the_other() -> None:
    texts = ("a: [1]\nb: 1", "a: [2]\nb: 2", "a: !override [3]\nc: 3", "a: [4]\nc: !reset 1")

    assert merged(*texts)[0] == {"a": ["3", "4"], "b": "2"}


@pytest.mark.parametrize(
    ("earlier", "later", "problem"),
    [
        ("{ports: [a]}", "{ports: b}", 'expected a list as in 1.yml:1:18, got "b"'),
        ("{deploy: {}}", "{deploy: [a]}", "expected a mapping as in 1.yml:1:18, got a list"),
        ("{deploy: {}}", "{deploy: a}", 'expected a mapping as in 1.yml:1:18, got "a"'),
    ],
)
def test_what_does_not_fit_is_refused(earlier: str, later: str, problem: str) -> None:
    _, problems = merged(*(f"services: {{web: {text}}}" for text in (earlier, later)))

    (found,) = problems
    assert found == f"2.yml:1:18: services.web.{earlier[1:].split(':', maxsplit=1)[0]}: {problem}"


@pytest.mark.parametrize(
    ("key", "later", "expected"),
    [
        ("environment", "a", "a"),
        ("environment", "[[a]]", [["a"]]),
        ("extra_hosts", "a", "a"),
        ("extra_hosts", "[[a]]", [["a"]]),
        ("networks", "[[a]]", [["a"]]),
    ],
)
def test_what_has_no_form_of_its_key_stands_alone_to_be_judged(
    key: str, later: str, expected: Any
) -> None:
    assert of_service(f"{{{key}: {{a: b}}}}", f"{{{key}: {later}}}") == {key: expected}


def test_a_key_has_no_tag() -> None:
    findings = Diagnostics()
    load(Document("1.yml", "!reset a: b"), findings)

    assert [str(problem) for problem in findings.problems] == [
        "1.yml:1:1: ?: the tag !reset is not supported here: remove it"
    ]


def test_of_what_was_refused_already_nothing_more_is_said() -> None:
    findings = Diagnostics()
    texts = ('a: {x: "\\0"}', "a: {x: [1]}")
    roots = [root for text in texts for root in load(Document("1.yml", text), findings)]

    assert len(findings.problems) == 1
    merge(roots[::-1], findings)
    assert len(findings.problems) == 1
