from __future__ import annotations

import json

import pytest

from orchestrate.errors import Problem, SpecError
from orchestrate.model.spec.project import Project
from orchestrate.model.spec.service import Service
from orchestrate.spec import Document, Loaded, read, restore

WEB = "services: {web: {image: 'web:1'}}"


def read_texts(*texts: str, directory: str = "shop", **environment: str) -> Loaded:
    documents = [Document(f"{number}.yml", text) for number, text in enumerate(texts, start=1)]
    return read(documents, environment, directory)


def refused(*texts: str, directory: str = "shop", **environment: str) -> list[str]:
    with pytest.raises(SpecError) as caught:
        read_texts(*texts, directory=directory, **environment)
    return str(caught.value).splitlines()


def test_the_smallest_file_is_a_project() -> None:
    loaded = read_texts(WEB)

    assert loaded.project == Project(name="shop", services=(Service(name="web", image="web:1"),))
    assert loaded.data == {"name": "shop", "services": {"web": {"image": "web:1"}}}
    assert loaded.warnings == ()


def test_what_is_kept_is_json() -> None:
    loaded = read_texts(WEB)

    assert restore(json.loads(json.dumps(loaded.data))) == loaded.project


@pytest.mark.parametrize(
    ("directory", "name"),
    [("shop", "shop"), ("My Shop.v2", "myshopv2"), ("_-x_", "x_"), ("1-a", "1-a")],
)
def test_without_a_name_the_directory_gives_one(directory: str, name: str) -> None:
    assert read_texts(WEB, directory=directory).project.name == name


@pytest.mark.parametrize("directory", ["", "é", "a--b"])
def test_a_directory_that_gives_no_name_is_a_problem(directory: str) -> None:
    (problem,) = refused(WEB, directory=directory)

    assert problem.startswith("1.yml:1:1: name: expected a name of a-z, 0-9")


def test_the_order_of_the_file_is_not_the_order_of_the_project() -> None:
    one = read_texts("services: {b: {image: b}, a: {user: x, image: a}}\nname: x")
    other = read_texts("name: x\nservices: {a: {image: a, user: x}, b: {image: b}}")

    assert json.dumps(one.data) == json.dumps(other.data)
    assert [service.name for service in one.project.services] == ["a", "b"]


def test_the_last_file_wins_and_keeps_its_place() -> None:
    problems = refused(f"name: a\n{WEB}", "name: b b", "name: C")

    assert problems == [
        '3.yml:1:1: name: expected a name of a-z, 0-9, - and _, first a letter or digit, got "C"'
    ]


def test_problems_of_all_stages_come_at_once_and_in_order() -> None:
    text = """
    services:
      web:
        image: ${IMAGE:?}
        image: again
        user: ${USER_ID?}
        deploy: {replicas: x}
        ports: [a]
    """

    assert refused(text) == [
        "1.yml:4:9: services.web.image: the variable IMAGE must be set",
        "1.yml:5:9: services.web.image: the key stands twice, first on line 4",
        "1.yml:6:9: services.web.user: the variable USER_ID must be set",
        '1.yml:7:18: services.web.deploy.replicas: expected a whole number of 0 or more, got "x"',
        '1.yml:8:17: services.web.ports[0]: expected a port such as "8080:80", got "a"',
    ]


def test_problems_carry_their_column() -> None:
    with pytest.raises(SpecError) as caught:
        read_texts("services: {web: {image: a, user: 'b c'}}")

    (problem,) = caught.value.problems
    assert problem == Problem(
        "1.yml",
        1,
        28,
        "services.web.user",
        'expected a user such as "1000:1000" or "app", got "b c"',
    )


def test_a_file_full_of_mistakes_is_not_read_to_its_end() -> None:
    problems = refused("services:\n" + "".join(f"  s{n}: {{}}\n" for n in range(1000)))

    assert problems[0] == "1.yml: stopped after 200 problems"
    assert len(problems) == 201


def test_what_is_in_the_file_does_not_reach_the_terminal_as_it_is() -> None:
    (problem,) = refused('services: {web: {image: a, "\\e[31m\\n": "x"}}')

    assert r"\x1b[31m\n" in problem


def test_a_value_of_the_environment_is_never_in_an_error() -> None:
    problems = refused(
        "services: {web: {image: a, environment: ['A B=${SECRET}', ['${SECRET}']]}}",
        SECRET="hunter2",
    )

    assert "hunter2" not in "".join(problems)


def test_an_unset_variable_is_warned_of_once() -> None:
    loaded = read_texts("services: {a: {image: 'a${X}'}, b: {image: 'b$X$Y'}}")

    assert [str(warning) for warning in loaded.warnings] == [
        "1.yml:1:16: services.a.image: the variable X is not set: it is taken as empty",
        "1.yml:1:37: services.b.image: the variable Y is not set: it is taken as empty",
    ]


def test_a_later_file_replaces_what_is_unique_and_adds_the_rest() -> None:
    first = "services: {web: {image: a, ports: ['80:80', '81:81'], volumes: ['/a:/x', '/b:/y']}}"
    second = "services: {web: {ports: ['80:80'], volumes: ['/c:/x', '/d:/z']}}"

    (web,) = read_texts(first, second).project.services

    assert [port.published for port in web.network.ports] == [80, 81]
    assert [(mount.source, mount.target) for mount in web.storage.mounts] == [
        ("/c", "/x"),
        ("/b", "/y"),
        ("/d", "/z"),
    ]


def test_an_empty_value_of_a_later_file_changes_nothing() -> None:
    loaded = read_texts(WEB, "services: {web: {image: }}\nvolumes:")

    assert loaded.project.services[0].image == "web:1"


def test_entries_of_one_list_clash_in_a_later_file_too() -> None:
    first = "services: {web: {image: a, ports: ['80:80']}}"
    second = "services: {web: {ports: ['80:80', '80:80/tcp']}}"

    (problem,) = refused(first, second)

    assert problem.startswith("2.yml:1:35: services.web.ports[1]: clashes with")


@pytest.mark.parametrize("item", ["expose: [1000-1999]", "ports: ['1000-1999:1000-1999']"])
def test_ranges_of_ports_have_an_end(item: str) -> None:
    services = "".join(f"  s{n}: {{image: a, {item}}}\n" for n in range(200))

    (problem,) = refused(f"services:\n{services}")

    assert problem.startswith("1.yml:102:")
    assert problem.endswith("with it the project has more than 100000 ports")


def test_what_is_spoiled_already_is_not_judged_again() -> None:
    assert refused(
        "services: {web: {image: a, environment: ['${A:?}', B=1], healthcheck: '${B:?}'}}"
    ) == [
        "1.yml:1:42: services.web.environment[0]: the variable A must be set",
        "1.yml:1:58: services.web.healthcheck: the variable B must be set",
    ]


def test_a_key_that_is_far_too_long_gets_no_suggestion() -> None:
    (problem,) = refused(f"services: {{web: {{image: a, {'images' * 10}: b}}}}")

    assert problem.endswith("is not a known key: remove it, or begin it with x-")
