"""The hashes of what is in configs and secrets, kept with the project's data."""

from __future__ import annotations

import json

from orchestrate.model.file import File
from orchestrate.spec import Document, Loaded, read, restore, seal

TEXT = """
services:
  web:
    image: web:1
    secrets: [key]
    configs: [motd]
secrets:
  key: {file: key.txt, x-digest: forged}
configs:
  motd: {content: hello}
"""


def loaded() -> Loaded:
    return read([Document("compose.yml", TEXT)], {}, "/srv/shop")


def files(found: Loaded) -> dict[str, File]:
    (service,) = found.project.services
    return {mount.file.path: mount.file for mount in service.storage.files}


def test_a_file_has_no_hash_of_its_own() -> None:
    assert {one.digest for one in files(loaded()).values()} == {""}


def test_a_hash_is_kept_with_its_file() -> None:
    before = loaded()

    found = seal(before, {files(before)["secrets.key"]: "d1"})

    assert {path: one.digest for path, one in files(found).items()} == {
        "secrets.key": "d1",
        "configs.motd": "",
    }
    assert restore(json.loads(json.dumps(found.data))) == found.project
    assert before == loaded()


def test_another_hash_is_other_data() -> None:
    before = loaded()
    key = files(before)["secrets.key"]

    assert seal(before, {key: "d1"}).data != seal(before, {key: "d2"}).data
