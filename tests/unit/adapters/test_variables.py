"""Ansible's variables as those of a Compose file: `-e`, and `orchestrate_env` of the inventory."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from orchestrate.adapters.ansible.inventory import Inventory
from orchestrate.adapters.ansible.options import AnsibleOptions
from orchestrate.adapters.ansible.variables import AnsibleVariables, read_extra, read_shared
from orchestrate.errors import SettingsError
from orchestrate.model.settings import Settings
from orchestrate.spec.template import TemplateError
from tests.vaults import password_file, vaulted, vaulted_variable

Read = Callable[..., AnsibleVariables]
SECRET = "hunter2"


@pytest.fixture
def inventory(tmp_path: Path) -> Callable[..., Inventory]:
    def make(text: str, *extra: str) -> Inventory:
        file = tmp_path / "hosts.yml"
        file.write_text(text)
        options = AnsibleOptions(
            inventory=(str(file),),
            extra_vars=extra,
            vault_password_files=(password_file(tmp_path, "sesame"),),
        )
        return Inventory(options, Settings())

    return make


@pytest.fixture
def shared(inventory: Callable[..., Inventory]) -> Read:
    return lambda *what: AnsibleVariables(lambda: read_shared(inventory(*what)))


@pytest.fixture
def extra(inventory: Callable[..., Inventory]) -> Read:
    return lambda *what: AnsibleVariables(
        lambda: read_extra(inventory("all: {hosts: {a: }}", *what))
    )


def hosts(variables: str) -> str:
    return f"all:\n  hosts: {{a: , b: }}\n  vars:\n    {variables}\n"


def test_what_all_nodes_share_is_given_as_text(shared: Read) -> None:
    found = shared(
        hosts("orchestrate_env: {TAG: '{{ release }}', F: 1.5, B: true, T: ä}\n    release: 7")
    )

    assert dict(found) == {"TAG": "7", "F": "1.5", "B": "true", "T": "ä"}
    assert len(found) == 4


@pytest.mark.parametrize("text", ["", "orchestrate_env: ", "orchestrate_env: {}"])
def test_there_need_not_be_any(shared: Read, text: str) -> None:
    assert dict(shared(hosts(text or "x: 1"))) == {}


def test_an_inventory_without_hosts_has_none(shared: Read) -> None:
    assert dict(shared("all: {hosts: {}, vars: {orchestrate_env: {A: 1}}}")) == {}


def test_a_template_may_be_all_of_it(shared: Read) -> None:
    found = shared(
        hosts("orchestrate_env: '{{ envs.prod }}'\n    envs: {prod: {TAG: x}}"), "release=7"
    )

    assert dict(found) == {"TAG": "x"}


def test_the_variables_of_the_command_are_over_those_of_the_inventory(shared: Read) -> None:
    text = hosts("orchestrate_env: {TAG: '{{ release }}'}\n    release: 7")

    assert shared(text, "release=8")["TAG"] == "8"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param(
            "all: {hosts: {a: {orchestrate_env: {TAG: 1, B: 2}}, b: {orchestrate_env: {TAG: 1}}}}",
            "orchestrate_env: B is not the same on a and b: set it for the group all",
            id="differs",
        ),
        pytest.param(
            "all: {hosts: {a: {orchestrate_env: [x]}}}",
            "host a: orchestrate_env: expected a mapping of names to values",
            id="list",
        ),
        pytest.param(
            "all: {hosts: {a: {orchestrate_env: {A: '{{ nowhere }}'}}}}",
            "inventory ",
            id="undefined",
        ),
    ],
)
def test_what_is_wrong_with_it_is_said(shared: Read, text: str, said: str) -> None:
    with pytest.raises(SettingsError) as caught:
        dict(shared(text))

    assert str(caught.value).startswith(said)


def test_a_value_that_is_no_text_is_refused_where_it_is_asked_for(shared: Read) -> None:
    found = shared(hosts("orchestrate_env: {L: [1], TAG: 1}"))

    assert found["TAG"] == "1"
    with pytest.raises(
        TemplateError, match="the variable L of orchestrate_env is no text or number"
    ):
        found["L"]


VAULTED = f"""\
all:
  hosts: {{a: , b: }}
  vars:
    inline: {vaulted_variable(SECRET, "sesame")}
    nested: [{{key: "{{{{ inline }}}}"}}]
    orchestrate_env:
      OPEN: open
      INLINE: "{{{{ inline }}}}"
      ITSELF: {vaulted_variable(SECRET, "sesame")}
      PART: "x-{{{{ inline }}}}-y"
      NESTED: "{{{{ nested[0].key }}}}"
      DEFAULT: "{{{{ inline | default('none') }}}}"
      HASH: "{{{{ inline | hash('sha256') }}}}"
      FILE: "{{{{ in_file }}}}"
      LOOKUP: "{{{{ lookup('ansible.builtin.unvault', inventory_dir ~ '/key') }}}}"
"""


def test_what_comes_from_a_vault_is_not_given_away(shared: Read, tmp_path: Path) -> None:
    (tmp_path / "group_vars").mkdir()
    (tmp_path / "group_vars/all.yml").write_text(vaulted(b"in_file: hunter2", "sesame"))
    (tmp_path / "key").write_text(vaulted(b"hunter2", "sesame"))

    found = shared(VAULTED)

    assert found["OPEN"] == "open"
    for name in ("INLINE", "ITSELF", "PART", "NESTED", "DEFAULT", "HASH", "FILE", "LOOKUP"):
        with pytest.raises(
            TemplateError, match=f"{name} of orchestrate_env comes from a vault"
        ) as caught:
            found[name]
        assert SECRET not in str(caught.value)


@pytest.mark.parametrize("all_of_it", ["orchestrate_env: {A: hunter2}", "env: {A: hunter2}"])
def test_nor_is_what_is_vaulted_as_a_whole(shared: Read, tmp_path: Path, all_of_it: str) -> None:
    (tmp_path / "group_vars").mkdir()
    (tmp_path / "group_vars/all.yml").write_text(vaulted(all_of_it.encode(), "sesame"))
    text = hosts("orchestrate_env: '{{ env }}'" if all_of_it.startswith("env") else "x: 1")

    with pytest.raises(TemplateError, match="A of orchestrate_env comes from a vault"):
        shared(text)["A"]


def test_variables_of_the_command_are_given_as_text(extra: Read) -> None:
    found = extra("TAG=5 B=x", '{"B": false, "N": 1.0, "L": [1], "U": "{{ TAG }}!"}')

    assert dict(found) == {"TAG": "5", "B": "false", "N": "1.0", "U": "5!"}


def test_a_variable_of_the_command_that_is_none_is_refused_where_it_is_asked_for(
    extra: Read,
) -> None:
    found = extra("TAG=5", '{"A": "{{ inventory_hostname }}", "E": null}')

    for name in ("A", "E"):
        with pytest.raises(TemplateError, match=f"the variable {name} of -e is no text or number"):
            found[name]


def test_a_vaulted_file_of_the_command_is_not_given_away(extra: Read, tmp_path: Path) -> None:
    file = tmp_path / "secrets.yml"
    file.write_text(vaulted(b"PASSWORD: hunter2", "sesame"))
    found = extra(f"@{file}", "USES={{PASSWORD}}", "TAG=1")

    assert found["TAG"] == "1"
    for name in ("PASSWORD", "USES"):
        with pytest.raises(TemplateError, match=f"{name} of -e comes from a vault"):
            found[name]
