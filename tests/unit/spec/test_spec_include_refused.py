"""What an include may not do, and where that is said."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from tests.compose import refused

INCLUDE = "include: [db.yml]\nservices: {web: {image: w}}\nvolumes: {data: }"


@pytest.mark.parametrize(
    ("text", "files", "said"),
    [
        pytest.param(
            INCLUDE,
            {},
            ["shop/compose.yml:1:11: include[0]: shop/db.yml: no such file"],
            id="no-file",
        ),
        pytest.param(
            INCLUDE,
            {"shop/db.yml": "services: {web: {image: x}}\nvolumes: {data: {labels: {a: b}}}"},
            [
                (
                    "shop/compose.yml:2:12: services.web: is in an included file, too (shop/db.yml:1:12): "
                    "rename one, or change it in a file that is merged over this one"
                ),
                (
                    "shop/compose.yml:3:11: volumes.data: is in an included file, too (shop/db.yml:2:11): "
                    "rename one, or change it in a file that is merged over this one"
                ),
            ],
            id="conflicts",
        ),
        pytest.param(
            INCLUDE,
            {"shop/db.yml": "include: [./compose.yml]"},
            [
                (
                    "shop/db.yml:1:11: include[0]: includes itself: shop/compose.yml -> shop/db.yml -> "
                    "shop/compose.yml"
                )
            ],
            id="circle",
        ),
        pytest.param(
            INCLUDE,
            {"shop/db.yml": "servces: {db: {image: x}}\nmodels: {}"},
            [
                'shop/db.yml:1:1: servces: is not a known key: did you mean "services"?',
                "shop/db.yml:2:1: models: is not supported: run the model as a service of its own",
            ],
            id="unknown-key",
        ),
        pytest.param(
            INCLUDE,
            {"shop/db.yml": "services: {db: {image: x, user: 'a b', volumes: ['./a:/b']}}"},
            [
                'shop/db.yml:1:27: services.db.user: expected a user such as "1000:1000" or "app", got "a b"',
                (
                    "shop/db.yml:1:50: services.db.volumes[0]: expected a path from / or the name of a volume, "
                    'got "./a": nodes have no project directory: name a path from / that exists on them, '
                    'or a volume, or bring a file there under "configs"'
                ),
            ],
            id="mistakes-there",
        ),
        pytest.param(
            INCLUDE,
            {"shop/db.yml": "services: [db]\nvolumes: []"},
            [
                "shop/db.yml:1:1: services: expected a mapping, got a list",
                "shop/db.yml:2:1: volumes: expected a mapping, got a list",
            ],
            id="sections-that-are-none",
        ),
        pytest.param(
            INCLUDE.replace("{data: }", "[]"),
            {"shop/db.yml": "volumes: {a: }"},
            ["shop/compose.yml:3:1: volumes: expected a mapping, got a list"],
            id="own-section-that-is-none",
        ),
        pytest.param(
            INCLUDE,
            {"shop/db.yml": "[]"},
            ["shop/db.yml:1:1: expected a mapping, got a list"],
            id="list",
        ),
        pytest.param(INCLUDE, {"shop/db.yml": ""}, ["shop/db.yml: the file is empty"], id="empty"),
        pytest.param(
            "include: [db.yml]\nvolumes: \nnetworks: {}",
            {"shop/db.yml": "services: '${A:?}'\nvolumes: {a: {labels: [[b]]}}\nnetworks: "},
            [
                "shop/db.yml:1:1: services: the variable A must be set",
                (
                    "shop/db.yml:2:15: volumes.a.labels: expected a mapping or a list of NAME=VALUE, "
                    "got a list in the list"
                ),
            ],
            id="after-a-problem",
        ),
        pytest.param(
            "include: ['']",
            {},
            ['shop/compose.yml:1:11: include[0]: expected a path, got ""'],
            id="no-path",
        ),
        pytest.param(
            "include: [sub/db.yml]",
            {"shop/sub/db.yml": "services: [db]\nconfigs: [a]\nsecrets: {a: b}"},
            [
                "shop/sub/db.yml:1:1: services: expected a mapping, got a list",
                "shop/sub/db.yml:2:1: configs: expected a mapping, got a list",
                'shop/sub/db.yml:3:11: secrets.a: expected a mapping, got "b"',
            ],
            id="moved-paths-of-what-is-none",
        ),
        pytest.param(
            "include: db.yml\nservices: {web: {image: w}}",
            {},
            ['shop/compose.yml:1:1: include: expected a list, got "db.yml"'],
            id="text",
        ),
        pytest.param(
            "include: [{paths: db.yml}, {path: []}, {path: a, env_file: e}]",
            {"shop/a": "x-a: 1"},
            [
                'shop/compose.yml:1:11: include[0]: has no "path": name the Compose file',
                'shop/compose.yml:1:12: include[0].paths: is not a known key: did you mean "path"?',
                'shop/compose.yml:1:28: include[1]: "path" is empty: name the Compose file',
                "shop/compose.yml:1:40: include[2]: shop/e: no such file",
            ],
            id="entries",
        ),
    ],
)
def test_what_cannot_be_included_is_said_with_its_place(
    text: str, files: Mapping[str, str], said: list[str]
) -> None:
    assert refused(text, {**files, "shop/compose.yml": text}) == said
